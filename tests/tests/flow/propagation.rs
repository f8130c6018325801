//! Traces that go through several services.

use monitor_runtime::{
    Config, Context, InContextExt, Level, MockBackend, MockGuard, TraceHeaders, capture_message,
    continue_trace, current_span, current_trace_headers, trace_headers_for, traced,
};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN: &str = "00f067aa0ba902b7";

fn sentry_trace(decision: &str) -> (&'static str, String) {
    ("Sentry-Trace", format!("{TRACE}-{SPAN}{decision}"))
}

fn traceparent(flags: &str) -> (&'static str, String) {
    ("traceparent", format!("00-{TRACE}-{SPAN}-{flags}"))
}

fn baggage(members: &str) -> (&'static str, String) {
    ("baggage", members.to_owned())
}

#[traced(op = "http.server")]
fn handle() -> TraceHeaders {
    capture_message("inside", Level::Info);
    call()
}

#[traced(op = "http.client")]
fn call() -> TraceHeaders {
    let headers = current_trace_headers();
    let sent = headers.get("sentry-trace").unwrap().to_owned();
    assert!(sent.contains(&current_span().span_id().unwrap().to_string()), "{sent}");
    headers
}

/// What went out, as pairs of a member's name and value.
fn members(headers: &TraceHeaders) -> Vec<(&str, &str)> {
    let baggage = headers.get("baggage").unwrap_or_default();
    baggage.split(',').filter_map(|member| member.split_once('=')).collect()
}

fn member<'a>(headers: &'a TraceHeaders, name: &str) -> Option<&'a str> {
    members(headers).into_iter().find(|(n, _)| *n == name).map(|(_, value)| value)
}

fn of_org(org_id: u64) -> Config {
    Config::new().with_traces_sample_rate(1.0).with_org_id(org_id)
}

fn joined(mock: &MockGuard) -> bool {
    let transaction = mock.transaction("handle");
    transaction.trace_id.to_string() == TRACE
}

#[test]
fn a_root_goes_on_with_the_trace_of_the_headers() {
    for header in [sentry_trace("-1"), sentry_trace(""), traceparent("01")] {
        let mock = MockBackend::install();
        let context = continue_trace([header]);
        let headers = context.run(handle);
        let transaction = mock.transaction("handle");
        assert_eq!(transaction.trace_id.to_string(), TRACE);
        assert_eq!(transaction.root().parent.unwrap().to_string(), SPAN);
        assert_eq!(transaction.children()[0].parent, Some(transaction.root().id));
        assert_eq!(mock.event("inside").trace_id, transaction.trace_id);
        let client = transaction.children()[0].id;
        assert_eq!(headers.get("sentry-trace"), Some(format!("{TRACE}-{client}-1").as_str()));
        assert_eq!(headers.get("traceparent"), Some(format!("00-{TRACE}-{client}-01").as_str()));
    }
}

#[test]
fn what_is_not_sampled_goes_on_as_that() {
    for header in [sentry_trace("-0"), traceparent("00")] {
        let mock = MockBackend::install();
        let headers = continue_trace([header]).run(handle);
        assert!(mock.transactions().is_empty());
        let event = mock.event("inside");
        assert_eq!((event.trace_id.to_string().as_str(), event.sampled), (TRACE, false));
        assert!(headers.get("sentry-trace").unwrap().starts_with(TRACE));
        assert!(headers.get("sentry-trace").unwrap().ends_with("-0"));
        assert!(headers.get("traceparent").unwrap().ends_with("-00"));
    }
}

#[test]
fn the_sampling_context_that_came_goes_on_unchanged() {
    let sent = format!(
        "sentry-trace_id={TRACE},sentry-public_key=abc,sentry-sample_rate=0.25,\
         sentry-sample_rand=0.123456,sentry-sampled=true,sentry-transaction=GET%20%2Forders,\
         sentry-new_thing=1,vendor=x;ttl=5"
    );
    let mock = MockBackend::install();
    let headers = continue_trace([sentry_trace("-1"), baggage(&sent)]).run(handle);
    assert_eq!(headers.get("baggage"), Some(sent.as_str()));
    let sampling = mock.transaction("handle").sampling;
    assert_eq!((sampling.rate, sampling.rand), (0.25, 0.123_456));
}

#[test]
fn the_number_that_was_drawn_at_the_head_decides_here() {
    for (rand, count) in [("0.499999", 1), ("0.500000", 0)] {
        let mock = MockBackend::install_with(Config::new().with_traces_sample_rate(0.5));
        let sent = format!("sentry-trace_id={TRACE},sentry-sample_rand={rand}");
        continue_trace([sentry_trace(""), baggage(&sent)]).run(handle);
        assert_eq!(mock.transactions().len(), count, "{rand}");
    }
}

#[test]
fn a_number_that_nobody_drew_fits_the_decision_and_is_passed_on() {
    for (decision, sampled) in [("-1", true), ("-0", false)] {
        let mock = MockBackend::install();
        let sent = format!("sentry-trace_id={TRACE},sentry-sample_rate=0.3");
        let headers = continue_trace([sentry_trace(decision), baggage(&sent)]).run(handle);
        let rand: f64 = member(&headers, "sentry-sample_rand").unwrap().parse().unwrap();
        assert_eq!(rand < 0.3, sampled, "{rand}");
        assert_eq!(mock.event("inside").sampling.rand, rand);
    }
}

#[test]
fn a_function_that_decides_otherwise_says_so_to_the_next_service() {
    let _mock = MockBackend::install_with(Config::new().with_traces_sampler(|_| 1.0));
    let sent = format!("sentry-trace_id={TRACE},sentry-sample_rate=0.1,sentry-sampled=false");
    let headers = continue_trace([sentry_trace("-0"), baggage(&sent)]).run(handle);
    assert_eq!(member(&headers, "sentry-sample_rate"), Some("1"));
    assert_eq!(member(&headers, "sentry-sampled"), Some("true"));
    assert!(headers.get("sentry-trace").unwrap().ends_with("-1"));
}

#[test]
fn a_caller_that_froze_an_empty_sampling_context_gets_nothing_added() {
    let _mock = MockBackend::install();
    let headers = continue_trace([sentry_trace("-1"), baggage("vendor=x")]).run(handle);
    assert_eq!(headers.get("baggage"), Some("vendor=x"));
    // The members are of another trace.
    let foreign = format!("sentry-trace_id={},sentry-sample_rate=0.1", "1".repeat(32));
    let headers = continue_trace([sentry_trace("-1"), baggage(&foreign)]).run(handle);
    assert_eq!(headers.get("baggage"), None);
}

#[test]
fn below_a_caller_that_knows_no_sentry_this_process_is_the_head() {
    let config = Config::new()
        .with_traces_sample_rate(1.0)
        .with_dsn("https://key@o7.example.org/1")
        .with_release("shop@1.0.0+é")
        .with_environment("test");
    let _mock = MockBackend::install_with(config);
    let tracestate = ("tracestate", "vendor=opaque".to_owned());
    let headers = continue_trace([traceparent("01"), tracestate]).run(handle);
    assert_eq!(headers.get("tracestate"), Some("vendor=opaque"));
    let mut members = members(&headers);
    members.retain(|(name, _)| *name != "sentry-sample_rand");
    assert_eq!(
        members,
        [
            ("sentry-trace_id", TRACE),
            ("sentry-sample_rate", "1"),
            ("sentry-sampled", "true"),
            ("sentry-environment", "test"),
            ("sentry-release", "shop%401.0.0%2B%C3%A9"),
            ("sentry-public_key", "key"),
            ("sentry-org_id", "7"),
            ("sentry-transaction", "handle"),
        ]
    );
}

#[test]
fn sentry_wins_over_w3c_and_the_first_over_the_second() {
    let mock = MockBackend::install();
    let w3c = ("traceparent", format!("00-{}-{SPAN}-00", "a".repeat(32)));
    let second = ("sentry-trace", format!("{}-{SPAN}-0", "b".repeat(32)));
    let headers = [w3c, ("tracestate", "a=b".to_owned()), sentry_trace("-1"), second];
    let headers = continue_trace(headers).run(handle);
    assert!(joined(&mock));
    assert_eq!(headers.get("tracestate"), None, "it is of another trace");
}

#[test]
fn several_baggage_headers_are_one_list() {
    let _mock = MockBackend::install();
    let own = format!("sentry-trace_id={TRACE}");
    let headers = continue_trace([
        sentry_trace("-1"),
        baggage("a=1"),
        baggage(&format!("{own}, b=2")),
        ("BAGGAGE", "sentry-sample_rate=0.5,".to_owned()),
    ]);
    let headers = headers.run(handle);
    assert_eq!(members(&headers)[0], ("sentry-trace_id", TRACE));
    assert_eq!(member(&headers, "sentry-sample_rate"), Some("0.5"));
    assert_eq!((member(&headers, "a"), member(&headers, "b")), (Some("1"), Some("2")));
}

#[test]
fn organisations_that_differ_share_no_trace() {
    let theirs = |org: &str| baggage(&format!("sentry-trace_id={TRACE}{org},vendor=x"));
    for (config, org, continues) in [
        (of_org(7), ",sentry-org_id=7", true),
        (of_org(7), ",sentry-org_id=8", false),
        (of_org(7), "", true),
        (Config::new(), ",sentry-org_id=8", true),
        (of_org(7).with_strict_trace_continuation(true), ",sentry-org_id=7", true),
        (of_org(7).with_strict_trace_continuation(true), "", false),
        (Config::new().with_strict_trace_continuation(true), ",sentry-org_id=8", false),
        (Config::new().with_strict_trace_continuation(true), "", true),
    ] {
        let config = config.with_traces_sample_rate(1.0);
        let case = format!("{config:?} {org}");
        let mock = MockBackend::install_with(config);
        let headers = continue_trace([sentry_trace("-0"), theirs(org)]).run(handle);
        let event = mock.event("inside");
        assert_eq!(event.trace_id.to_string() == TRACE, continues, "{case}");
        assert_eq!(event.sampled, !continues, "the decision is theirs, or ours: {case}");
        assert_eq!(member(&headers, "vendor"), Some("x"), "{case}");
    }
}

#[test]
fn roots_and_events_of_one_request_share_its_trace() {
    let mock = MockBackend::install();
    let _guard = continue_trace([sentry_trace("-1")]).enter();
    capture_message("before", Level::Info);
    handle();
    call();
    let [first, second] = &mock.transactions()[..] else { panic!("{:?}", *mock) };
    for trace in [first.trace_id, second.trace_id, mock.event("before").trace_id] {
        assert_eq!(trace.to_string(), TRACE);
    }
    assert_ne!(first.root().id, second.root().id);
}

#[test]
fn nothing_of_a_request_stays_behind() {
    let mock = MockBackend::install();
    continue_trace([sentry_trace("-1")]).run(handle);
    call();
    assert_ne!(mock.transaction("call").trace_id.to_string(), TRACE);
}

#[test]
fn a_root_of_its_own_leaves_the_callers_trace() {
    #[traced(root)]
    fn own() {}

    #[traced]
    fn outer() {
        own();
        assert_eq!(current_span().trace_id().unwrap().to_string(), TRACE);
    }
    let mock = MockBackend::install();
    continue_trace([sentry_trace("-1")]).run(outer);
    assert_eq!(mock.transaction("outer").trace_id.to_string(), TRACE);
    let own = mock.transaction("own");
    assert!(own.trace_id.to_string() != TRACE && own.root().parent.is_none());
}

#[test]
fn the_trace_goes_along_with_futures_and_threads() {
    #[traced]
    async fn root() {
        let context = Context::current();
        std::thread::spawn(move || context.run(handle)).join().unwrap();
    }
    let mock = MockBackend::install();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        continue_trace([sentry_trace("-1")]).wrap(root()).await;
        continue_trace([sentry_trace("-1")]).run(|| async { call() }.in_context()).await;
    });
    assert_eq!(mock.transactions().len(), 2);
    assert_eq!(mock.spans().len(), 4);
    assert!(mock.transactions().iter().all(|t| t.trace_id.to_string() == TRACE));
    assert_eq!(mock.event("inside").trace_id.to_string(), TRACE);
}

#[test]
fn late_work_of_a_continued_trace_stays_in_it() {
    #[traced]
    fn root() -> Context {
        Context::current()
    }
    let mock = MockBackend::install();
    let context = continue_trace([sentry_trace("-1")]).run(root);
    assert_eq!(mock.transactions().len(), 1);
    context.run(call);
    let late = mock.transaction("call");
    assert_eq!(late.trace_id.to_string(), TRACE);
    assert_eq!(late.root().parent, Some(mock.transaction("root").root().id));
}

#[test]
fn without_a_span_headers_and_errors_share_a_trace() {
    let mock = MockBackend::install();
    let headers = monitor_runtime::with_scope(|| {
        let headers = current_trace_headers();
        assert_eq!(current_trace_headers(), headers);
        capture_message("alone", Level::Info);
        handle();
        headers
    });
    let trace = headers.get("sentry-trace").unwrap();
    assert_eq!(trace.len(), 49, "no decision: {trace}");
    assert!(trace.starts_with(&mock.event("alone").trace_id.to_string()));
    assert_eq!(member(&headers, "sentry-sampled"), None);
    assert!(!trace.starts_with(&mock.transaction("handle").trace_id.to_string()));
}

#[test]
fn without_monitoring_there_are_no_headers() {
    assert!(current_trace_headers().is_empty());
    let headers = continue_trace([sentry_trace("-1")]).run(current_trace_headers);
    assert!(headers.is_empty());
}

#[test]
fn only_targets_get_headers() {
    let config = Config::new().with_trace_propagation_targets(["api.example.org", "//localhost"]);
    let mock = MockBackend::install_with(config);
    assert!(!trace_headers_for("https://api.example.org/orders").is_empty());
    assert!(!trace_headers_for("http://localhost:8080/").is_empty());
    assert!(trace_headers_for("https://elsewhere.example.org/").is_empty());
    drop(mock);
    let _mock = MockBackend::install();
    assert!(!trace_headers_for("https://elsewhere.example.org/").is_empty());
    let none: [&str; 0] = [];
    let _mock = MockBackend::install_with(Config::new().with_trace_propagation_targets(none));
    assert!(trace_headers_for("https://api.example.org/").is_empty());
}

#[test]
fn w3c_headers_can_be_left_out() {
    let _mock = MockBackend::install_with(Config::new().with_traceparent(false));
    let headers = handle();
    assert!(headers.get("traceparent").is_none() && headers.get("sentry-trace").is_some());
}

#[test]
fn malformed_headers_are_ignored_and_counted() {
    let zeros = "0".repeat(32);
    for (header, count) in [
        (("sentry-trace", String::new()), 1),
        (("sentry-trace", format!("{TRACE}-{SPAN}-2")), 1),
        (("sentry-trace", format!("{TRACE}-{SPAN}-1-1")), 1),
        (("sentry-trace", format!("{zeros}-{SPAN}-1")), 1),
        (("sentry-trace", format!("{TRACE}-{SPAN}-1{}", " ".repeat(1 << 20))), 1),
        (("sentry-trace", format!("{TRACE}-{SPAN}-1\r\nx: y")), 1),
        (("traceparent", format!("ff-{TRACE}-{SPAN}-01")), 1),
        (("traceparent", format!("00-{TRACE}-{SPAN}-01-more")), 1),
        (("traceparent", format!("00-{}-{SPAN}-01", TRACE.to_uppercase())), 1),
        (("traceparent", format!("00-{TRACE}-{SPAN}-é1")), 1),
        (("baggage", "a".repeat(1 << 20)), 1),
        (("baggage", "no member, =x, ok=1".to_owned()), 2),
        (("tracestate", "x".repeat(1 << 20)), 1),
    ] {
        let case = format!("{:?}", (header.0, header.1.chars().take(70).collect::<String>()));
        let mock = MockBackend::install();
        continue_trace([header]).run(handle);
        assert!(!joined(&mock), "{case}");
        assert_eq!(mock.loss().malformed_headers, count, "{case}");
        mock.assert_no_loss();
    }
}

/// W3C's second version sets the bit next to it for ids that are random.
#[test]
fn one_bit_of_the_flags_of_traceparent_says_whether_the_trace_is_sampled() {
    for (flags, decision) in [("00", "-0"), ("01", "-1"), ("02", "-0"), ("03", "-1"), ("ff", "-1")]
    {
        let _mock = MockBackend::install();
        let headers = continue_trace([traceparent(flags)]).run(call);
        let sent = headers.get("sentry-trace").unwrap();
        assert!(sent.ends_with(decision), "{flags}: {sent}");
    }
}

#[test]
fn later_versions_of_traceparent_are_read_as_far_as_they_are_known() {
    let mock = MockBackend::install();
    continue_trace([("traceparent", format!("cc-{TRACE}-{SPAN}-01-what-comes"))]).run(handle);
    assert!(joined(&mock));
}

/// A generator of Marsaglia's, so that a failure comes again.
struct XorShift(u64);

impl XorShift {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit as u64).unwrap()
    }
}

/// Whatever comes in: nothing panics, and what goes out is well-formed, bounded, and read back by
/// ourselves as the same trace.
#[test]
fn no_header_breaks_what_goes_out() {
    let seeds = [
        format!("{TRACE}-{SPAN}-1"),
        format!("00-{TRACE}-{SPAN}-01"),
        format!("sentry-trace_id={TRACE},sentry-sample_rand=0.5,a=b;c=d, e = %20%"),
        "sentry-sample_rate=2,sentry-sample_rand=nan,sentry-org_id=,=,,;".to_owned(),
    ];
    let names = ["sentry-trace", "traceparent", "baggage", "tracestate"];
    let _mock = MockBackend::install();
    let mut random = XorShift(0x2545_f491_4f6c_dd1d);
    for _ in 0..5_000 {
        let headers: Vec<_> = (0..1 + random.below(5))
            .map(|_| {
                let mut value = seeds[random.below(seeds.len())].clone().into_bytes();
                for _ in 0..random.below(4) {
                    let at = random.below(value.len());
                    match random.below(4) {
                        0 => value[at] = random.next().to_le_bytes()[0],
                        1 => drop(value.split_off(at + 1)),
                        2 => value.insert(at, b",=;-%\n \"0"[random.below(9)]),
                        _ => value.extend_from_within(..at),
                    }
                }
                (names[random.below(names.len())], value)
            })
            .collect();
        let sent = continue_trace(headers.iter().map(|(k, v)| (*k, v))).run(call);
        for (name, value) in sent.iter() {
            assert!(value.bytes().all(|b| (b' '..0x7f).contains(&b)), "{name}: {value:?}");
            assert!(value.len() <= 8192, "{name}: {}", value.len());
        }
        let again = continue_trace(sent.iter()).run(call);
        let [first, second] = [&sent, &again].map(|h| h.get("sentry-trace").unwrap());
        assert_eq!(first[..33], second[..33], "{headers:?}");
        assert_eq!(first[49..], second[49..], "{headers:?}");
        assert_eq!(sent.get("baggage"), again.get("baggage"), "{headers:?}");
    }
}
