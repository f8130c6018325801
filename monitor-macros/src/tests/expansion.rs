use super::expand;

/// The expansion with `rt` for the runtime's path, to be read here.
fn short(source: &str) -> String {
    expand(source)
        .replace("use::monitor_runtime::__private", "use rt")
        .replace("::monitor_runtime::__private", "rt")
        .replace("__MONITOR_CALLSITE", "SITE")
}

/// Bytes of the printed tokens. The compiler's own count of `#[traced]` is checked in
/// `tests/tests/expansion.rs`.
#[test]
fn each_shape_stays_within_its_budget() {
    const PLAIN: &str = "fn load(id: u64) -> u64 { id }";
    const RESULT: &str = "fn load(id: u64) -> Result<u64, String> { Ok(id) }";
    let traced = "#[traced(op = \"db.query\")]";
    let ai = "#[ai_call(provider = \"openai\", model = \"gpt-4o\")]";
    let all = "#[traced(op = \"db.query\")] #[capture_errors] #[slow_threshold(ms = 200)] \
               #[ai_call(provider = \"openai\", model = \"gpt-4o\")]";
    for (attributes, function, sync, asynchronous) in [
        (traced, PLAIN, BUDGETS[0], BUDGETS[1]),
        (traced, RESULT, 600, 900),
        ("#[capture_errors]", RESULT, 700, 800),
        ("#[slow_threshold]", PLAIN, 530, 750),
        (ai, RESULT, 1_200, 1_200),
        (all, RESULT, 1_300, 1_300),
    ] {
        for (keyword, budget) in [("", sync), ("async ", asynchronous)] {
            let text = expand(&format!("{attributes} {keyword}{function}"));
            assert!(text.len() <= budget, "{} bytes of {budget}: {text}", text.len());
        }
    }
}

/// What fastrace takes is 315 and 631.
const BUDGETS: [usize; 2] = [450, 700];

#[test]
fn sync_without_an_outcome() {
    assert_eq!(
        short("#[traced] #[inline] pub fn load(id: u64) -> u64 { id }"),
        "#[inline]pub fn load(id:u64)->u64{\
         static SITE:rt::Callsite=<rt::Callsite>::new(\"function\",\"load\",::core::module_path!());\
         let mut __monitor_span=rt::begin(&SITE);\
         let __monitor_out:u64='__monitor:{if false{break'__monitorrt::never();}{const _:()=();id}};\
         rt::returned(&mut __monitor_span);__monitor_out}"
    );
}

#[test]
fn sync_with_an_outcome() {
    assert_eq!(
        short("#[capture_errors] fn load(row: Row) -> Result<u64, E> { read(row) }"),
        "fn load(row:Row)->Result<u64,E>{\
         static SITE:rt::Callsite=<rt::Callsite>::new(\"function\",\"load\",::core::module_path!())\
         .no_span().capture();\
         let mut __monitor_span=rt::begin(&SITE);\
         let __monitor_out=rt::once(move||->Result<u64,E>{let _=&row;{const _:()=();read(row)}});\
         rt::exit(&mut __monitor_span,&__monitor_out,|__o,__e|{\
         {use rt::failure::*;__e.failure((&&&&&&&&rt::Seen(__o)).__monitor_failure());}});\
         __monitor_out}"
    );
}

#[test]
fn async_without_an_outcome() {
    assert_eq!(
        short("#[traced(name = \"n\")] async fn load(id: u64) -> u64 { id }"),
        "async fn load(id:u64)->u64{\
         static SITE:rt::Callsite=<rt::Callsite>::new(\"function\",\"n\",::core::module_path!())\
         .with(&<rt::Details>::new().function(\"load\"));\
         let __monitor_type=rt::ty::<u64>();\
         let __monitor_future=async move{if false{return __monitor_type.never();}{const _:()=();id}};\
         rt::in_span(&SITE,__monitor_future).await}"
    );
}

#[test]
fn async_with_an_outcome() {
    let text = short("#[traced] async fn load() -> Answer { ask().await }");
    assert!(text.contains("rt::ty::<Answer>()"), "{text}");
    assert!(
        text.contains("rt::in_fallible_span(&SITE,__monitor_future,__monitor_failed)"),
        "{text}"
    );
    let text = short("#[capture_errors] async fn load() -> Answer { ask().await }");
    assert!(text.contains("rt::observed(&SITE,__monitor_future,|__o,__e|{"), "{text}");
    assert!(text.ends_with(".await}"), "{text}");
}

#[test]
fn async_that_never_returns_has_no_type_to_name() {
    let text = short("#[traced] async fn serve() -> ! { loop {} }");
    assert!(!text.contains("rt::ty"), "{text}");
    assert!(text.contains("rt::in_span(&SITE,__monitor_future).await"), "{text}");
}

#[test]
fn opaque_types_are_left_to_inference() {
    let text = short("#[traced] async fn load() -> Result<impl Iterator<Item = u8>, E> { x }");
    assert!(text.contains("rt::ty::<Result<_,E>>()"), "{text}");
}

#[test]
fn the_caller_s_place_is_kept_where_the_body_has_one_end() {
    let item = "#[track_caller] fn load() -> Result<u8, E> { x }";
    for attribute in ["#[traced]", "#[capture_errors]"] {
        let text = short(&format!("{attribute} {item}"));
        assert!(text.contains("let __monitor_out:Result<u8,E>='__monitor:{"), "{text}");
        assert!(text.contains("{const _:()=();x}};"), "{text}");
    }
}

#[test]
fn the_caller_s_place_goes_before_the_status_but_not_before_the_error() {
    let item = "#[track_caller] fn load() -> Result<u8, E> { Ok(x?) }";
    let text = short(&format!("#[traced] {item}"));
    assert!(!text.contains("rt::once") && !text.contains("rt::exit"), "{text}");
    assert!(short(&format!("#[capture_errors] {item}")).contains("rt::once"));
}

#[test]
fn returned_futures_and_streams() {
    assert_eq!(
        short("#[traced] fn load() -> impl Future<Output = u8> + Send { x }"),
        "fn load()->impl Future<Output=u8>+Send{\
         static SITE:rt::Callsite=<rt::Callsite>::new(\"function\",\"load\",::core::module_path!());\
         rt::future::<_,_>(&SITE,move||->_{{const _:()=();x}},::core::option::Option::None)}"
    );
    let text = short("#[traced] fn load() -> Pin<Box<dyn Future<Output = Answer>>> { x }");
    assert!(text.contains("rt::pinned(rt::future::<_,_>(&SITE,move||->"), "{text}");
    assert!(text.contains("rt::ty::<Answer>().__monitor_failed()"), "{text}");
    // An alias: what is inside isn't known before the future is.
    let text = short("#[traced] fn load() -> BoxFuture<'_, Answer> { x }");
    assert!(text.contains("rt::pinned(rt::observed_future::<_,_,_>("), "{text}");
    assert!(text.contains("move|__o,__e|{"), "{text}");
    let text = short("#[traced] fn load() -> impl Stream<Item = Answer> { x }");
    assert!(text.contains("rt::stream::<_,_,_>(&SITE,move||->_{"), "{text}");
    assert!(text.ends_with(",|_,_|{},false)}"), "{text}");
    let text = short("#[capture_errors] fn load() -> BoxStream<'_, Answer> { x }");
    assert!(text.contains("rt::pinned(rt::boxed_stream::<_,_,_>("), "{text}");
    assert!(text.ends_with(",true))}"), "{text}");
}

#[test]
fn a_block_gives_its_attribute_to_each_function() {
    assert_eq!(
        expand(
            "#[traced(op = \"db\")] #[doc = \"d\"] impl S { #[inline] fn a() {} const fn b() {} }"
        ),
        "#[doc=\"d\"]impl S{#[inline]#[::monitor_runtime::traced(__inherited op=\"db\")]fn a(){}\
         const fn b(){}}"
    );
    assert!(
        expand("#[traced(crate = mon)] trait T { fn a() {} }")
            .contains("#[mon::traced(__inherited crate=mon)]fn a")
    );
}

#[test]
fn a_function_goes_before_its_block() {
    let inherited =
        "#[::monitor_runtime::traced(__inherited op = \"db\", child_only, prefix = \"S::\")]";
    let text = short(&format!("#[traced(root)] {inherited} fn a() {{}}"));
    assert!(text.contains("::new(\"db\",\"S::a\","), "{text}");
    assert!(text.contains(".root()") && !text.contains(".child_only()"), "{text}");
    assert!(!text.contains("__stacked"), "{text}");
    let text = short(&format!("#[traced(op = \"own\", name = \"n\")] {inherited} fn a() {{}}"));
    assert!(text.contains("::new(\"own\",\"n\","), "{text}");
    assert_eq!(short(&format!("#[traced(skip)] {inherited} fn a() {{}}")), "fn a(){}");
}

#[test]
fn every_order_of_a_stack_expands_alike() {
    let attributes = [
        "#[traced(op = \"db.query\", fields(id))]",
        "#[capture_errors(level = \"warning\")]",
        "#[slow_threshold(ms = 5)]",
        "#[ai_call(provider = \"openai\", model = \"gpt-4o\")]",
    ];
    let expansion = |order: [usize; 4]| {
        let stack: String = order.iter().map(|index| attributes[*index]).collect();
        let text = short(&format!("{stack} #[inline] async fn load(id: u64) -> Answer {{ x }}"));
        // What the inner ones leave behind comes in their order.
        let (head, tail) = text.split_at(text.find("static SITE").expect("a callsite"));
        let (head, taken) = head.split_at(head.find('{').expect("a body"));
        assert_eq!(taken.matches("(__stacked)]").count(), 3);
        format!("{head}{tail}")
    };
    let first = expansion([0, 1, 2, 3]);
    assert_eq!(first.matches("static SITE").count(), 1);
    assert_eq!(first.matches("rt::observed").count(), 1);
    for order in [[3, 2, 1, 0], [1, 0, 3, 2], [2, 3, 0, 1]] {
        assert_eq!(expansion(order), first);
    }
}

#[test]
fn arguments_of_a_moved_body() {
    let text = short(
        "#[capture_errors] fn f(self, a: A, (b, c): P, mut d: &str, _e: E, _: F, g: u8, h: H) \
         -> Answer { self; a; b; c; d; g }",
    );
    assert!(text.contains("fn f(self,a:A,__arg2:P,d:&str,__arg4:E,__arg5:F,g:u8,h:H)"), "{text}");
    assert!(
        text.contains("{let _=&__arg5;let _=&__arg4;let _=&__arg2;let _=&a;let _=&self;"),
        "{text}"
    );
    assert!(text.contains("let(b,c)=__arg2;let mut d=d;let __arg4=__arg4;"), "{text}");
}

#[test]
fn conditional_arguments_stay_conditional() {
    let text =
        short("#[capture_errors] #[traced(fields(a))] fn f(#[cfg(x)] a: String) -> Answer { a }");
    assert!(text.contains("#[cfg(x)]let _=&a;"), "{text}");
    assert!(text.contains("#[cfg(x)]__r.field(0,"), "{text}");
}

#[test]
fn everything_that_traced_takes() {
    let text = short(
        "#[traced(op = \"o\", name = n(id), description = \"d\", root, min_duration = \"5ms\", \
         fields(id, \"a.b\" = id + 1, c.d = x, ?e, %f, g = ?h), tags(t = id), user = id, \
         context(p(q = id), r = pairs))] fn load(id: u64, e: E, f: F) {}",
    );
    for part in [
        "new(\"o\",\"load\",::core::module_path!()).root().scoped()",
        ".with(&<rt::Details>::new().description(\"d\")",
        ".fields(&[\"id\",\"a.b\",\"c.d\",\"e\",\"f\",\"g\"]).min_duration(5000000));",
        "rt::record(|__r|{use rt::value::*;__r.name(&n(id));",
        "__r.field(0,(&&&&&rt::Seen(&id)).__monitor_value());",
        "__r.field(1,(&&&&&rt::Seen(&(id+1))).__monitor_value());",
        "__r.field(3,rt::FieldValue::Debug(&e));__r.field(4,rt::FieldValue::Display(&f));",
        "__r.field(5,rt::FieldValue::Debug(&h));});",
        "rt::scope(|__s|{use rt::value::*;__s.span_tag(\"t\",(&&&&&rt::Seen(&id)).__monitor_value());",
        "__s.user(id);__s.context(\"p\",&[(\"q\",(&&&&&rt::Seen(&id)).__monitor_value())]);",
        "__s.context_from(\"r\",pairs);});",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn everything_that_capture_errors_takes() {
    let text = short(
        "#[capture_errors(kind = api(service = \"s\", status = code), skip_if = is_expected, \
         level = \"fatal\", fingerprint = [\"a\", \"b\"], tags(k = \"v\", l = id), \
         context(c(id)), panics)] fn load(id: u64, code: u16) -> Result<u8, E> {}",
    );
    for part in [
        ".no_span().scoped().capture().panics().with(&<rt::Details>::new().kind(\"api\",&[(\"service\",\"s\")])\
         .level(rt::Level::Fatal).fingerprint(&[\"a\",\"b\"]).tags(&[(\"k\",\"v\")]));",
        "__s.tag(\"l\",(&&&&&rt::Seen(&id)).__monitor_value());",
        "__s.detail(\"status\",(&&&&&rt::Seen(&code)).__monitor_value());",
        "__s.context(\"c\",&[(\"id\",(&&&&&rt::Seen(&id)).__monitor_value())]);",
        "__e.skip(rt::err(__o).is_some_and(is_expected));{use rt::failure::*;",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn a_kind_without_the_word_kind() {
    let long = "#[capture_errors(kind = database(operation = \"x\"))] fn f() -> Answer {}";
    let short_form = "#[capture_errors(database(operation = \"x\"))] fn f() -> Answer {}";
    assert_eq!(expand(long), expand(short_form));
}

#[test]
fn everything_that_slow_threshold_takes() {
    let text = short(
        "#[slow_threshold(ms = 1_500, message = \"m\", rows = Vec::len, watchdog)] \
         fn load() -> Vec<u8> { x }",
    );
    assert!(
        text.contains(".no_span().watchdog().with(&<rt::Details>::new().slow(1500,\"m\"));"),
        "{text}"
    );
    assert!(
        text.contains(
            "__e.rows(||rt::rows({use rt::success::*;(&&&rt::Seen(__o)).__monitor_success()},Vec::len,));"
        ),
        "{text}"
    );
    assert!(short("#[slow_threshold] fn f() {}").contains(".slow(1000,\"\"));"));
}

#[test]
fn everything_that_ai_call_takes() {
    let text = short(
        "#[ai_call(provider = \"openai\", op = embeddings, model = m, prompt = q, agent = \"a\", \
         tool = t, conversation = c, pipeline = \"p\", prompt_name = \"n\", user = u, attempt = 2, retry_of = r, breadcrumb, \
         request = w, params(temperature = 0.5, seed = s, stop_sequences = w), skip = u.opted_out, usage = |x| x.usage(), \
         response_model = model_of, output = |x| x.text(), budget = \"b\", cost = span, \
         slow_ttft(ms = 5))] fn ask(r: R, w: W, m: M, q: Q, t: T, c: C, u: U, s: S) -> Answer { x }",
    );
    for part in [
        "new(\"gen_ai.embeddings\",\"embeddings\",",
        ".scoped().capture().with(&<rt::Details>::new().ai(\"openai\",\"embeddings\")\
         .ai_cost(\"span\").ai_budget(\"b\").ai_breadcrumb().slow_ttft(5).function(\"ask\"));",
        "rt::ai(|__a|{use rt::value::*;__a.skip(u.opted_out);\
         __a.model((&&&&&rt::Seen(&m)).__monitor_value());",
        "__a.conversation((&&&&&rt::Seen(&c)).__monitor_value());",
        "__a.param(\"gen_ai.request.temperature\",(&&&&&rt::Seen(&0.5)).__monitor_value());",
        "__a.request(rt::ai_request(&w));",
        "__a.words(\"gen_ai.request.stop_sequences\",rt::words(&w));",
        "__a.retry_of((&&&&&rt::Seen(&r)).__monitor_value());",
        "__a.attempt((&&&&&rt::Seen(&2)).__monitor_value());",
        "__a.user(u);__a.prompt(||&q);});",
        "{use rt::ai_error::*;(&&&rt::Seen(__o)).__monitor_ai_error()}",
        "__e.response(|__r|{use rt::ai_response::*;(&&&&&rt::Seen(__o)).__monitor_response(__r);\
         __r.set_usage(rt::usage({use rt::success::*;(&&&rt::Seen(__o)).__monitor_success()},|x|x.usage()));\
         __r.set_response_model(rt::response_text({",
        "__e.output(||rt::response_text({use rt::success::*;(&&&rt::Seen(__o)).__monitor_success()},|x|x.text()));",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn a_command_says_what_it_is_to_all_below_it() {
    let text = short("#[command(kind = k, parameters(days))] fn ban(days: u8, k: &str) {}");
    for part in [
        "new(\"command\",\"command.ban\",::core::module_path!()).scoped()",
        ".kind(\"command\",&[(\"name\",\"ban\")]).function(\"ban\"));",
        "__s.command(&[(\"name\",(&&&&&rt::Seen(&\"ban\")).__monitor_value()),\
         (\"type\",(&&&&&rt::Seen(&k)).__monitor_value())],\
         &[(\"days\",(&&&&&rt::Seen(&days)).__monitor_value())]);",
    ] {
        assert!(text.contains(part), "no {part} in {text}");
    }
}

#[test]
fn a_call_that_says_nothing_but_literals_runs_nothing_before_its_body() {
    let text = short("#[ai_call(provider = \"openai\", model = \"m\")] fn ask() -> Answer { x }");
    assert!(
        text.contains(".ai(\"openai\",\"chat\").ai_model(\"m\").function(\"ask\"));"),
        "{text}"
    );
    assert!(!text.contains("rt::ai("), "{text}");
    let skipped = "prompt = q, output = |x| x.text(), skip";
    let text = short(&format!(
        "#[ai_call(provider = \"openai\", model = \"m\", {skipped})] fn ask(q: Q) -> Answer {{ x }}"
    ));
    assert!(text.contains("rt::ai(|__a|{__a.skip(true);});"), "{text}");
    assert!(!text.contains("__e.output") && !text.contains("__a.prompt"), "{text}");
}

#[test]
fn errors_of_a_call_go_where_it_says() {
    let ask = |errors: &str| {
        short(&format!(
            "#[ai_call(provider = \"openai\", model = \"m\", errors = {errors})] fn f() -> Answer {{ x }}"
        ))
    };
    assert!(ask("capture").contains(".capture()"));
    let text = ask("span_only");
    assert!(!text.contains(".capture()") && text.contains("__e.failure("), "{text}");
    assert!(!ask("none").contains("__e.failure("));
}

#[test]
fn a_stream_takes_the_span_along() {
    let ask = |output: &str| {
        short(&format!("#[ai_call(provider = \"openai\", model = \"m\")] {output} {{ x }}"))
    };
    let text = ask("async fn f() -> Result<ChatStream, E>");
    assert!(text.contains("rt::streamed(&SITE,__monitor_future,|__o,__e|{"), "{text}");
    assert!(text.contains("|__o:Result<ChatStream,E>,__s|rt::hold(__o,__s,|__o,__e|{"), "{text}");
    assert_eq!(text.matches("__e.response(").count(), 1, "of the items: {text}");
    assert!(text.ends_with(".await}"), "{text}");
    assert!(ask("fn f() -> Result<ChatStream, E>").contains("rt::streamed_now(&SITE,move||"));
    assert!(
        ask("fn f() -> BoxFuture<'static, u8>").contains("rt::observed_future::<_,_,_>("),
        "nobody knows that there is a stream"
    );
    let future = "Pin<Box<dyn Future<Output = Result<ChatStream, E>> + 'static>>";
    assert!(ask(&format!("fn f() -> {future}")).contains("rt::pinned(rt::streamed_future(&SITE,"));
    assert!(ask("fn f() -> impl Stream<Item = u8>").contains("rt::ai_stream(&SITE,move||->_{"));
    assert!(ask("fn f() -> BoxStream<'static, u8>").contains("rt::pinned(rt::boxed_ai_stream("));
    let text = ask("async fn f() -> Result<impl Stream<Item = u8>, E>");
    assert!(text.contains("rt::hold_opaque_result(__o,__s,"), "{text}");
}

#[test]
fn a_call_that_may_be_denied_returns_before_its_body() {
    let text = short(
        "#[ai_call(provider = \"openai\", model = \"m\", budget = deny(\"b\"))] \
         fn f() -> Result<u8, E> { x }",
    );
    assert!(
        text.contains(
            "if let::core::option::Option::Some(__monitor_denied)=rt::over_budget()\
             {returnrt::denied(__monitor_denied);}{const _:()=();x}"
        ),
        "{text}"
    );
}

#[test]
fn names_of_ai_spans() {
    let name = |arguments: &str| {
        let text = short(&format!("#[{arguments})] fn ask(m: &str) {{}}"));
        text.split('"').nth(3).map(str::to_owned)
    };
    let call = "ai_call(provider = \"openai\"";
    assert_eq!(name(&format!("{call}, model = \"gpt-4o\"")).as_deref(), Some("chat gpt-4o"));
    assert_eq!(name(&format!("{call}, model = m")).as_deref(), Some("chat"));
    assert_eq!(name("ai_call(op = invoke_agent, agent = \"a\"").as_deref(), Some("invoke_agent a"));
    assert_eq!(name("ai_call(op = execute_tool, tool = \"t\"").as_deref(), Some("execute_tool t"));
    let memory = "ai_call(op = memory(search)";
    assert_eq!(name(&format!("{memory}, store = \"s\"")).as_deref(), Some("search_memory s"));
    assert_eq!(name(&format!("{memory}, store = m")).as_deref(), Some("search_memory"));
    // Agents and tools are called as their functions.
    assert_eq!(name("ai_tool(skip").as_deref(), Some("execute_tool ask"));
    assert_eq!(name("ai_agent(name = \"a\"").as_deref(), Some("invoke_agent a"));
    assert_eq!(name("ai_agent(name = m").as_deref(), Some("invoke_agent"));
}

#[test]
fn an_explicit_op_and_name_go_before_those_of_an_ai_call() {
    let ai = "#[ai_call(provider = \"openai\", model = \"m\")]";
    let text = short(&format!("#[traced(op = \"o\", name = \"n\")] {ai} fn ask() {{}}"));
    assert!(text.contains("new(\"o\",\"n\","), "{text}");
    // The runtime adds the model to a name that is the operation, and this one isn't.
    let text = short(&format!("#[traced(name = x)] {ai} fn ask() {{}}"));
    assert!(text.contains("new(\"gen_ai.chat\",\"ask\","), "{text}");
}

#[test]
fn a_prompt_that_is_a_variable_is_lent_and_any_other_is_made() {
    let prompt = |prompt: &str| {
        let arguments = format!("provider = \"openai\", model = \"m\", prompt = {prompt}");
        short(&format!("#[ai_call({arguments})] fn ask() {{}}"))
    };
    assert!(prompt("request.text").contains("__a.prompt(||&request.text);"));
    assert!(prompt("format!(\"x\")").contains("__a.prompt(||format!(\"x\"));"));
}

#[test]
fn another_crate_path() {
    let text = expand("#[traced(crate = app::watch)] fn f() {}");
    assert!(text.contains("app::watch::__private::begin("), "{text}");
    assert!(!text.contains("monitor_runtime"), "{text}");
}

#[test]
fn a_raw_name_is_recorded_without_its_prefix() {
    let text = short("#[traced(fields(r#type))] fn r#match(r#type: u8) {}");
    assert!(text.contains("\"match\"") && text.contains("&[\"type\"]"), "{text}");
}

#[test]
fn a_field_of_self_is_recorded_by_its_own_name() {
    let text = short("#[traced(fields(self.id, self.user.name))] fn f(&self) {}");
    assert!(text.contains("&[\"id\",\"user.name\"]"), "{text}");
    assert!(text.contains("rt::Seen(&self.user.name)"), "{text}");
}

#[test]
fn inner_attributes_come_first() {
    let text = short("#[traced] fn f() { #![allow(unused)] let x = 1; }");
    assert!(text.starts_with("fn f(){#![allow(unused)]static SITE"), "{text}");
}

#[test]
fn an_attribute_whose_arguments_were_taken_does_nothing() {
    assert_eq!(expand("#[slow_threshold(__stacked)] static X: u8 = 1;"), "static X:u8=1;");
}

#[test]
fn a_body_that_is_being_written_is_kept() {
    let text =
        short("#[capture_errors] async fn load(a: A) -> Result<u8, E> { let b = a. ; c.d() }");
    assert!(text.contains("{let b=a.;c.d()}"), "{text}");
}

#[test]
fn a_signature_newer_than_the_parser_gets_a_span() {
    let text = short("#[traced] #[inline] pub async fn load(a: u8 = 1) where @ { a }");
    assert!(text.starts_with("#[inline]pub async fn load(a:u8=1)where@{static SITE"), "{text}");
    assert!(text.ends_with("rt::in_span(&SITE,__monitor_future).await}"), "{text}");
}

#[test]
fn a_job_says_what_it_is_in_its_callsite() {
    let text = short(
        "#[cron_monitor(slug = \"nightly\", schedule = every(2, hours), margin = 5, timezone = \"UTC\")] \
         fn job() {}",
    );
    assert!(
        text.contains(
            ".no_span().with(&<rt::Details>::new().cron(||<rt::Monitor>::new(\"nightly\")\
             .with_interval(2,rt::ScheduleUnit::Hour).with_margin(5).with_timezone(\"UTC\")));"
        ),
        "{text}"
    );
}

#[test]
fn a_health_check_stays_itself_beside_a_type() {
    let text =
        short("#[health_check(name = \"db\")] #[cfg(unix)] pub async fn database() -> bool { x }");
    assert!(text.starts_with("#[cfg(unix)]pub async fn database()->bool{x}#[cfg(unix)]"), "{text}");
    assert!(text.contains("pub enum database{}"), "{text}");
    assert!(
        text.contains(
            "pub fn check()->rt::HealthCheck{<rt::HealthCheck>::future(\"db\",database)}"
        ),
        "{text}"
    );
    let text = short("#[traced] #[health_check] fn disk() -> bool { x }");
    assert!(text.contains("rt::begin(&SITE)"), "{text}");
    assert!(text.contains("<rt::HealthCheck>::blocking(\"disk\",disk)"), "{text}");
}
