//! The arguments of the attributes as modules, for editors.
//!
//! Where an argument is unknown, because somebody is still writing it, the attribute imports it from here
//! under a `cfg` that only editors set. The editor then offers the names in the module, with their texts.

macro_rules! keys {
    ($($attribute:ident: { $($key:ident $text:literal)* })*) => {$(
        #[expect(missing_docs, reason = "named like the attribute")]
        pub mod $attribute {
            $(#[doc = $text] pub mod $key {})*
        }
    )*};
}

keys! {
    traced: {
        op "`op = \"db.query\"`: the span's op"
        name "`name = \"load user\"`: the span's name"
        description "`description = \"..\"`: more about the span"
        fields "`fields(id, rows = rows.len())`: values kept on the span"
        tags "`tags(plan = user.plan)`: tags of the span, and of every event below it"
        user "`user = expr`: the user of every event below it"
        context "`context(payment(amount = total))`: contexts of every event below it"
        root "`root`: starts a new trace"
        child_only "`child_only`: makes no span where none is active"
        min_duration "`min_duration = \"5ms\"`: leaves out calls that were faster"
        prefix "`prefix = \"Account::\"`: on a block, what the names of its spans begin with"
        skip "`skip`: leaves a function out of its block's attribute"
    }
    capture_errors: {
        kind "`kind = database(table = \"users\")`: what failed"
        database "`database(operation = .., table = .., query = ..)`"
        api "`api(service = .., endpoint = .., status = .., body = ..)`"
        module "`module(name = .., command = ..)`"
        command "`command(name = .., kind = .., group = ..)`"
        skip_if "`skip_if = |error| ..`: an error that isn't worth an event"
        level "`level = \"warning\"`: the event's level"
        fingerprint "`fingerprint = [\"a\", \"b\"]`: groups the events"
        tags "`tags(..)`: tags of the event"
        context "`context(..)`: contexts of the event"
        panics "`panics`: captures a panic too"
        skip "`skip`: leaves a function out of its block's attribute"
    }
    slow_threshold: {
        ms "`ms = 1000`: the limit"
        message "`message = \"..\"`: the warning's text"
        rows "`rows = |rows| rows.len()`: how many rows the value has"
        watchdog "`watchdog`: warns while the call is still running, too"
        skip "`skip`: leaves a function out of its block's attribute"
    }
    ai_call: {
        provider "`provider = \"openai\"`, `provider = custom(\"gateway\")`: who is asked"
        model "`model = \"gpt-4o\"`, `model = &request.model`: the model"
        op "`op = chat`, `op = memory(search)`: what is asked for"
        usage "`usage = |answer| ..`: the tokens"
        response_model "`response_model = |answer| &answer.model`: the model that answered"
        finish_reason "`finish_reason = |answer| ..`: why it stopped"
        response_id "`response_id = |answer| &answer.id`: the provider's id of the answer"
        stream "`stream`: the value is a stream, whatever its type is called; `stream = false`: it isn't"
        request "`request = &request`: finds the parameters in what is serialized"
        params "`params(temperature = 0.2, max_tokens = limit)`: parameters of the request"
        prompt "`prompt = expr`: what the user says"
        input "`input = expr`: all that is sent"
        output "`output = |answer| answer.text()`: what came back"
        skip "`skip`, `skip = expr`: leaves prompt, input and output out"
        agent "`agent = expr`: the agent"
        tool "`tool = expr`: the tool"
        store "`store = expr`: the store of memories"
        record "`record = expr`: the id of one memory"
        count "`count = records.len()`, of a search `count = |found| found.len()`: how many memories"
        conversation "`conversation = expr`: the conversation's id"
        pipeline "`pipeline = expr`: what the call is a part of"
        prompt_name "`prompt_name = expr`: the template that the prompt was made of"
        user "`user = expr`: for whom the call is made"
        errors "`errors = capture`: an event; `span_only`: only the span fails; `none`: nobody looks"
        attempt "`attempt = expr`: which time the request is sent, from 1"
        retry_of "`retry_of = first.id`: the answer or request that is asked for once more"
        cost "`cost = metric`, `off` or `span`: where the cost goes"
        budget "`budget = \"chat\"`, `budget = deny(\"chat\")`: who counts the tokens"
        slow "`slow(ms = 5000)`: warns when the call takes longer"
        slow_ttft "`slow_ttft(ms = 2000)`: warns when the answer begins later"
        max_open "`max_open = \"10m\"`: warns when the answer's stream is open for longer"
        breadcrumb "`breadcrumb`: leaves a breadcrumb of the call"
    }
    ai_agent: {
        name "`name = \"planner\"`: the agent; the function's name unless given"
        provider "`provider = \"openai\"`: whose models it asks"
        model "`model = \"gpt-4o\"`: the model"
        conversation "`conversation = expr`: the conversation's id"
        pipeline "`pipeline = expr`: what the agent is a part of"
        user "`user = expr`: for whom it works"
        usage "`usage = |answer| ..`: the tokens, where no call inside says them"
        prompt "`prompt = expr`: what the user says"
        input "`input = expr`: all that it is given"
        output "`output = |answer| answer.text()`: what came back"
        skip "`skip`, `skip = expr`: leaves the contents out, of the calls inside too"
        errors "`errors = capture`: an event; `span_only`: only the span fails; `none`: nobody looks"
        budget "`budget = \"agents\"`: who counts the tokens"
        stream "`stream`: the value is a stream, whatever its type is called"
        slow "`slow(ms = 5000)`: warns when the call takes longer"
        max_open "`max_open = \"10m\"`: warns when the answer's stream is open for longer"
    }
    ai_tool: {
        name "`name = \"search\"`: the tool; the function's name unless given"
        description "`description = \"Searches the web\"`: what it is for"
        arguments "`arguments = expr`: what the model gave it"
        result "`result = |found| ..`: what the model gets back"
        skip "`skip`, `skip = expr`: leaves arguments and result out"
        errors "`errors = capture`: an event; `span_only`: only the span fails; `none`: nobody looks"
        slow "`slow(ms = 5000)`: warns when the call takes longer"
    }
    main: {
        config "`config = Config::from_env()`: the config"
    }
    db_query: {
        operation "`operation = \"select\"`: what the query does"
        table "`table = \"users\"`: with which table"
        query "`query = sql`: its text, recorded without values"
        system "`system = \"postgresql\"`: which database"
        rows "`rows = |rows| rows.len()`: how many rows a slow one gave"
    }
    api_call: {
        service "`service = \"stripe\"`: who is called"
        endpoint "`endpoint = \"/v1/charges\"`: what is called, without ids"
        method "`method = \"POST\"`: the HTTP method"
        status "`status = |response| response.status()`: the status code"
    }
    command: {
        name "`name = \"ban\"`: the command's name; the function's unless given"
        kind "`kind = \"slash\"`: `slash`, `prefix` and the like"
        group "`group = \"moderation\"`: the module it belongs to"
        parameters "`parameters(reason)`: the parameters that are recorded"
    }
    task: {
        name "`name = \"cleanup\"`: the task's name; the function's unless given"
    }
    cron_monitor: {
        slug "`slug = \"nightly-report\"`: the monitor's name in Sentry"
        schedule "`schedule = \"0 3 * * *\"`, `schedule = every(10, minutes)`: when it runs"
        margin "`margin = 5`: minutes that a run may be late"
        max_runtime "`max_runtime = 30`: minutes that a run may take"
        timezone "`timezone = \"Europe/Berlin\"`: the time zone of the schedule"
        failure_threshold "`failure_threshold = 2`: failed runs in a row before there is an issue"
        recovery_threshold "`recovery_threshold = 2`: good runs in a row before it is resolved"
    }
    health_check: {
        name "`name = \"database\"`: the check's name; the function's unless given"
    }
    startup: {
        step "`step = \"migrations\"`: what is being started; the function's name unless given"
        service "`service = \"Database\"`: of which part of the program"
    }
    error_boundary: {
        component "`component = \"checkout\"`: which part of the program ends here"
        route "`route = \"/checkout\"`: where the user is"
        fallback "`fallback = Page::error()`: what the function gives instead of a panic"
    }
    breadcrumb: {
        category "`category = \"ui\"`: what it belongs to"
        message "`message = \"checkout opened\"`: what happened; the function's name unless given"
        level "`level = \"debug\"`: how serious it is; `info` unless given"
        data "`data(id)`: facts"
    }
    metered: {
        name "`name = \"checkout\"`: what the metrics' names begin with; the function's name unless given"
    }
    monitor: {
        expected "`expected`: no event, but a breadcrumb and a count"
        unexpected "`unexpected`: an event, in an enum that is `expected`"
        level "`level = \"warning\"`: the event's level"
        severity "`severity = \"high\"`: `low`, `medium`, `high` or `critical`"
        category "`category = \"payment\"`: what goes wrong"
        fingerprint "`fingerprint = [\"payment\", \"{user_id}\"]`: groups the events"
        tags "`tags(user_id)`: tags of the event"
        context "`context(amount)`: values in the context `error`"
        sensitive "`sensitive`: isn't recorded"
        transparent "`transparent`: the source says everything"
        name "`name = \"guild\"`: the context's or the value's name"
        user "`user`: describes a user"
        skip "`skip`: leaves the field out"
        tag "`tag`: the field as a tag"
        backtrace "`backtrace`: where the error arose"
        input "`input`: the tokens sent"
        output "`output`: the tokens received"
        cache_read "`cache_read`: the tokens sent that a cache read"
        cache_creation "`cache_creation`: the tokens sent that a cache wrote"
        reasoning "`reasoning`: the tokens received that were reasoning"
        usage "`usage`: the field knows the tokens itself"
        model "`model`: the model that answered"
        id "`id`: the response's id"
        finish_reason "`finish_reason`: why the model stopped"
        cost "`cost`: what the call cost, in USD"
        content "`content`: a piece of the answer; whether it is empty is all that is read"
        input_excludes_cache "`input_excludes_cache`: the input is counted without the cached tokens"
    }
}
