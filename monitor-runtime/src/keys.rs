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
        api "`api(service = .., endpoint = .., status = ..)`"
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
        provider "`provider = \"openai\"`: who is asked"
        model "`model = \"gpt-4o\"`: the model"
        op "`op = chat`: what is asked for"
        prompt "`prompt = expr`: the prompt"
        agent "`agent = expr`: the agent"
        tool "`tool = expr`: the tool"
        conversation "`conversation = expr`: the conversation's id"
        usage "`usage = |answer| ..`: the tokens"
    }
}
