use super::{expand, run_in};
use crate::pipeline::Build;

/// The messages of all errors, in the order of the build's output.
fn mistakes(source: &str) -> Vec<String> {
    let text = expand(source);
    let mut messages = Vec::new();
    for part in text.split("compile_error!{\"").skip(1) {
        let (message, _) = part.split_once("\"}").expect("a message");
        messages.push(message.replace("\\\"", "\""));
    }
    messages
}

fn mistake(source: &str) -> String {
    let mut messages = mistakes(source);
    assert_eq!(messages.len(), 1, "{source}: {messages:#?}");
    messages.remove(0)
}

#[test]
fn all_mistakes_of_all_attributes_are_reported_at_once() {
    let messages = mistakes(
        "#[traced(fileds(id), op = 5, root, child_only, fields(idd))] \
         #[capture_errors(level = \"warn\")] #[slow_threshold(ms = 0)] \
         #[ai_call(model = 5)] fn load(id: u64) {}",
    );
    assert_eq!(messages.len(), 10, "{messages:#?}");
}

#[test]
fn the_function_survives_without_our_attributes() {
    let text = expand("#[traced(op = 5)] #[inline] #[slow_threshold] fn load(id: u64) { x }");
    assert!(text.ends_with("#[inline]#[slow_threshold(__stacked)]fn load(id:u64){x}"), "{text}");
}

#[test]
fn unknown_arguments() {
    assert_eq!(
        mistake("#[traced(fileds(id))] fn f(id: u8) {}"),
        "unknown argument `fileds` for `#[traced]`; did you mean `fields`?"
    );
    assert_eq!(
        mistake("#[slow_threshold(ms = 1, skip_all)] fn f() {}"),
        "unknown argument `skip_all` for `#[slow_threshold]`; \
         expected one of `ms`, `message`, `rows`, `watchdog`, `crate`"
    );
}

#[test]
fn a_text_without_a_name() {
    assert_eq!(
        mistake("#[traced(\"load\")] fn f() {}"),
        "`#[traced]` takes named arguments, as in `#[traced(op = \"db.query\")]`"
    );
    assert_eq!(mistake("#[traced(\"op\" = \"x\")] fn f() {}"), "write `op` without quotes");
}

#[test]
fn an_argument_of_another_attribute() {
    assert_eq!(
        mistake("#[traced(ms = 5)] fn f() {}"),
        "unknown argument `ms` for `#[traced]`; it belongs to `#[slow_threshold]`"
    );
}

#[test]
fn repeated_arguments_point_at_both() {
    assert_eq!(
        mistakes("#[traced(op = \"a\", op = \"b\")] fn f() {}"),
        ["`op` is given twice; keep one of them", "`op` is first given here",]
    );
    assert_eq!(mistakes("#[traced(fields(a, a = 1, a))] fn f(a: u8) {}").len(), 3);
}

#[test]
fn a_second_attribute_points_at_both() {
    assert_eq!(
        mistakes("#[traced] #[traced(root)] fn f() {}"),
        [
            "a function takes `#[traced]` once; put both lists of arguments together",
            "the first `#[traced]` is here",
        ]
    );
}

#[test]
fn values_of_the_wrong_sort() {
    let traced = |arguments: &str| mistake(&format!("#[traced({arguments})] fn f(id: u8) {{}}"));
    assert_eq!(traced("op = 5"), "expected a string literal, as in `op = \"db.query\"`");
    assert_eq!(traced("op"), "`op` expects a value, as in `op = \"db.query\"`");
    assert_eq!(traced("op ="), "`op` needs a value after `=`");
    assert_eq!(traced("name = 5"), "expected a string, as in `name = \"load user\"`");
    assert_eq!(traced("op = \" \""), "`op` can't be empty; write for example `op = \"db.query\"`");
    assert_eq!(traced("root = true"), "`root` takes no value: write `root`, or leave it out");
    assert_eq!(
        traced("fields = id"),
        "`fields` expects parentheses, as in `fields(id, email = user.email)`"
    );
    assert_eq!(traced("fields(\"a.b\")"), "\"a.b\" needs a value, as in `fields(\"a.b\" = value)`");
    assert_eq!(traced("fields(a(b))"), "`a` expects a value, as in `fields(a = value)`");
    assert_eq!(traced("fields(\"\" = 1)"), "a name in `fields(..)` can't be empty");
    assert_eq!(traced("fields(id id)"), "expected `=`, `(` or `,` after `id`");
    assert_eq!(traced("fields(id = 1 id)"), "expected `,` after the argument `id`");
    assert_eq!(
        traced("min_duration = \"5 min\""),
        "expected a whole number with a unit, `us`, `ms`, `s`, `m` or `h`, as in `min_duration = \"5ms\"`"
    );
    assert_eq!(
        traced("min_duration = \"0s\""),
        "expected a duration above zero, as in `min_duration = \"5ms\"`"
    );
    assert_eq!(
        traced("context(order)"),
        "a context has values, as in `context(order(amount = total))`, \
         or is made of pairs, as in `context(order = pairs)`"
    );
    assert_eq!(
        traced("user = ?id"),
        "`?` and `%` choose how a field is recorded; nothing is chosen here"
    );
}

#[test]
fn a_shorthand_is_an_argument() {
    assert_eq!(
        mistake("#[traced(fields(user_id))] fn load(userid: u8) {}"),
        "`load` has no argument `user_id`; did you mean `userid`?"
    );
    assert_eq!(
        mistake("#[traced(fields(version))] fn load(id: u8) {}"),
        "`load` has no argument `version`; write `version = value` to record something else"
    );
    assert_eq!(mistakes("#[traced(fields(a, b, c))] fn f((a, P { b, .. }): T, c: u8) {}").len(), 0);
}

#[test]
fn an_error_has_to_be_possible() {
    assert_eq!(
        mistake("#[capture_errors] fn f() {}"),
        "`f` returns no error to capture; \
         return a `Result`, or ask for panics with `#[capture_errors(panics)]`"
    );
    assert_eq!(
        mistake("#[capture_errors] fn f() -> Vec<u8> { x }"),
        "this type holds no error to capture; \
         return a `Result`, or ask for panics with `#[capture_errors(panics)]`"
    );
    assert_eq!(
        mistake("#[capture_errors(panics, skip_if = f)] fn f() {}"),
        "`skip_if` needs a function that returns a `Result`"
    );
    assert_eq!(mistakes("#[capture_errors(panics)] fn f() {}").len(), 0);
}

#[test]
fn what_capture_errors_refuses() {
    let capture = |arguments: &str| {
        mistakes(&format!("#[capture_errors({arguments})] fn f() -> Answer {{ x }}"))
    };
    assert_eq!(capture("level = \"warn\""), ["unknown level `warn`; did you mean `warning`?"]);
    assert_eq!(
        capture("kind = databse(table = \"t\")"),
        ["unknown kind of error `databse`; did you mean `database`?"]
    );
    assert_eq!(
        capture("kind = database(tabel = \"t\")"),
        ["unknown argument `tabel` for `database(..)`; did you mean `table`?"]
    );
    assert_eq!(
        capture("kind = \"database\""),
        [
            "expected a kind of error, as in `kind = database(operation = \"select\", table = \"users\")`"
        ]
    );
    assert_eq!(
        capture("api = \"stripe\""),
        ["`api` expects parentheses, as in `api(service = \"..\")`"]
    );
    assert_eq!(
        capture("kind = database(), api(service = \"s\")"),
        ["an error has one kind; this one is `database` already", "the kind is first given here"]
    );
    assert_eq!(
        capture("fingerprint = [1]"),
        [
            "expected a string or a list of strings, as in `fingerprint = [\"payment\", \"declined\"]`"
        ]
    );
    assert_eq!(
        capture("skip_if = true"),
        ["expected a closure or the path of a function, \
         as in `skip_if = |error| error.is_expected()`"]
    );
}

#[test]
fn what_slow_threshold_refuses() {
    let slow = |arguments: &str| mistake(&format!("#[slow_threshold({arguments})] fn f() {{}}"));
    assert_eq!(slow("ms = 0"), "`ms` must be above zero; write for example `ms = 1000`");
    assert_eq!(slow("ms = \"5\""), "expected a whole number, as in `ms = 1000`");
    assert_eq!(slow("ms = -5"), "expected a whole number, as in `ms = 1000`");
    assert_eq!(slow("watchdog"), "`#[slow_threshold]` needs `ms`, as in `ms = 1000`");
}

#[test]
fn what_ai_call_refuses() {
    let ai = |arguments: &str| mistake(&format!("#[ai_call({arguments})] fn f() {{}}"));
    let more = |arguments: &str| ai(&format!("provider = \"openai\", model = \"m\", {arguments}"));
    assert_eq!(ai("model = \"m\""), "`#[ai_call]` needs `provider`, as in `provider = \"openai\"`");
    assert_eq!(
        ai("provider = \"openai\""),
        "`#[ai_call]` needs `model`, as in `model = \"gpt-4o\"`"
    );
    assert_eq!(
        ai("provider = \"gemini\", model = \"m\""),
        "unknown provider `gemini`; did you mean `gcp.gemini`? \
         Any other is written `custom(\"gemini\")`"
    );
    assert_eq!(
        more("op = responses"),
        "the AI operation `responses` is deprecated; write `op = chat`"
    );
    assert_eq!(
        more("op = embedings"),
        "unknown AI operation `embedings`; did you mean `embeddings`?"
    );
    assert_eq!(
        ai("op = invoke_agent, agent = 5"),
        "expected a string, as in `agent = \"planner\"`"
    );
    assert_eq!(
        ai("provider = \"openai\", model = modle"),
        "`f` has no argument `modle`; write `model = \"..\"`, or name one of its arguments"
    );
    assert_eq!(
        more("params(temprature = 1)"),
        "unknown parameter `temprature`; did you mean `temperature`?"
    );
    assert_eq!(
        more("params(max_completion_tokens = 1)"),
        "`max_completion_tokens` is recorded as `max_tokens`: write `params(max_tokens = ..)`"
    );
    assert_eq!(
        more("params(stop = \"END\")"),
        "`stop` is recorded as `stop_sequences`: write `params(stop_sequences = ..)`"
    );
    assert_eq!(
        more("errors = span"),
        "unknown `errors`, `span`; expected one of `capture`, `span_only`, `none`"
    );
    assert_eq!(more("cost = spam"), "unknown `cost`, `spam`; did you mean `span`?");
    assert_eq!(
        more("budget = limit(\"chat\")"),
        "expected the name of a budget, as in `budget = \"chat\"`, or `budget = deny(\"chat\")`"
    );
    assert_eq!(
        more("slow_ttft(ms = 0)"),
        "expected milliseconds above zero, as in `slow_ttft(ms = 2000)`"
    );
    assert_eq!(
        more("prompt = \"a\", input = \"b\""),
        "`prompt` is one message of a user, `input` all that is sent: give one"
    );
    assert_eq!(more("stream = 5"), "expected `true` or `false`, as in `stream = false`");
}

#[test]
fn what_a_budget_can_not_deny() {
    let denied = |function: &str| {
        mistake(&format!(
            "#[ai_call(provider = \"openai\", model = \"m\", budget = deny(\"b\"))] {function} {{ x }}"
        ))
    };
    for function in
        ["fn f() -> impl Stream<Item = u8>", "fn f() -> impl Future<Output = Result<u8, E>>"]
    {
        assert!(denied(function).ends_with("make it an `async fn` that returns a `Result`"));
    }
}

#[test]
fn a_function_calls_one_thing() {
    assert_eq!(
        mistakes("#[ai_agent] #[ai_tool] fn f() {}"),
        ["`#[ai_agent]` says already what this function calls", "`#[ai_agent]` is here"]
    );
    assert_eq!(
        mistake("#[ai_tool(tool = \"x\")] fn f() {}"),
        "unknown argument `tool` for `#[ai_tool]`; it belongs to `#[ai_call]`"
    );
}

#[test]
fn items_that_are_no_function() {
    assert_eq!(
        mistake("#[traced(op = 5)] struct S;"),
        "`#[traced]` goes on a function, and this is a `struct`"
    );
    assert_eq!(
        mistake("#[traced] mod bank;"),
        "`#[traced]` goes on a function, and this is a module in another file; \
         put it on the functions there"
    );
    assert_eq!(
        mistake("#[traced] const fn f() {}"),
        "`#[traced]` can't go on a `const fn`: no span can start while the program is compiled; \
         remove `const`, or move the attribute to the caller"
    );
    assert_eq!(
        mistake("#[traced] fn f(&self);"),
        "`#[traced]` needs a function with a body; put it on the functions that implement this one"
    );
    assert!(mistake("#[traced] fn f(x: )").starts_with("`#[traced]` can't read this function: "));
}

#[test]
fn blocks_have_mistakes_of_their_own() {
    assert_eq!(
        mistake("#[traced(name = \"load\")] impl S { fn f() {} }"),
        "every function of the block would be called `load`; \
         leave `name` out, or write `prefix = \"load::\"`"
    );
    assert_eq!(
        mistake("#[ai_call(provider = \"p\", model = \"m\")] trait T { fn f() {} }"),
        "`#[ai_call]` goes on a function, and this is a block of them"
    );
    assert_eq!(
        mistake("#[slow_threshold(ms = 1, rows = |rows| rows.len())] impl S { fn f() {} }"),
        "`rows` reads the value of one function; put it on that function"
    );
    assert_eq!(
        mistakes("#[traced] #[traced] impl S { fn f() {} }"),
        [
            "a function takes `#[traced]` once; put both lists of arguments together",
            "the first `#[traced]` is here"
        ]
    );
}

#[test]
fn what_only_blocks_know_is_a_mistake_elsewhere() {
    assert_eq!(
        mistake("#[traced(skip)] fn f() {}"),
        "`skip` leaves a function out of the `#[traced]` of the `impl` block, trait or module around it, \
         and there is none"
    );
    assert_eq!(
        mistake("#[traced(skip, op = \"db\")] fn f() {}"),
        "`skip` stands alone, as in `#[traced(skip)]`"
    );
    assert_eq!(
        mistake("#[traced(prefix = \"S::\")] fn f() {}"),
        "`prefix` goes on an `impl` block, a trait or a module; write `name = \"..\"` here"
    );
}

#[test]
fn a_stream_has_no_one_value() {
    assert_eq!(
        mistake(
            "#[slow_threshold(ms = 1, rows = |rows| rows.len())] fn f() -> impl Stream<Item = u8> {}"
        ),
        "`rows` reads the value that a function returns, and this one returns a stream"
    );
}

#[test]
fn one_function_has_one_runtime() {
    assert_eq!(
        mistakes("#[traced(crate = a)] #[slow_threshold(ms = 1, crate = b)] fn f() {}"),
        ["the attributes of one function need the same `crate`", "the other one is given here"]
    );
    assert_eq!(
        mistake("#[traced(crate = \"a\")] fn f() {}"),
        "expected a path, as in `crate = my_crate::monitor_runtime`"
    );
}

#[test]
fn editors_complete_an_argument_that_is_being_written() {
    let text = expand("#[traced(op = \"db\", fie)] fn f() {}");
    assert!(
        text.starts_with(
            "#[cfg(miri)]fn __monitor_keys(){\
             use::monitor_runtime::__private::keys::traced::fie;}"
        ),
        "{text}"
    );
    assert!(!expand("#[traced] fn f() {}").contains("miri"));
}

#[test]
fn a_build_may_forbid_captures_without_context() {
    let denied = Build { enabled: true, denied: "other, bare_captures" };
    for bare in ["#[capture_errors]", "#[traced] #[capture_errors(level = \"warning\")]"] {
        let text = run_in(&format!("{bare} fn load() -> Result<u8, E> {{ x }}"), &denied);
        assert!(text.contains("`load` captures errors and says nothing"), "{text}");
    }
    for said in [
        "#[capture_errors(kind = module(name = \"m\"))]",
        "#[capture_errors(tags(feature = \"f\"))]",
        "#[traced(fields(id))] #[capture_errors]",
        "#[db_query(operation = \"select\")]",
        "#[traced]",
    ] {
        let text = run_in(&format!("{said} fn load(id: u8) -> Result<u8, E> {{ x }}"), &denied);
        assert!(!text.contains("compile_error"), "{text}");
    }
}

#[test]
fn secrets_that_would_be_recorded() {
    for arguments in [
        "#[traced(fields(token = token.expose_secret()))]",
        "#[traced(name = format!(\"load {}\", token.expose_secret()))]",
        "#[capture_errors(kind = database(query = sql.expose_secret()))]",
        "#[capture_errors(context(login(token = { token.expose_secret_mut() })))]",
        "#[command(parameters(token = token.expose_secret()))]",
        "#[ai_call(provider = \"openai\", model = \"b\", prompt = prompt.expose_secret())]",
    ] {
        let message = mistake(&format!("{arguments} fn f(token: T) -> Answer {{ x }}"));
        assert!(message.contains("hands out a secret, which must not be recorded"), "{message}");
    }
    // What is only looked at.
    let skip = "#[capture_errors(skip_if = |e| e.expose_secret().is_empty())]";
    assert_eq!(mistakes(&format!("{skip} fn f() -> Answer {{ x }}")).len(), 0);
}

#[test]
fn an_operation_that_is_none_asks_for_nothing_else() {
    assert_eq!(
        mistake("#[ai_call(op = exceute_tool, tool = \"t\")] fn f() {}"),
        "unknown AI operation `exceute_tool`; did you mean `execute_tool`?"
    );
}
