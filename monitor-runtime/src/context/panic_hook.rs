//! Notes what a panic says, for the annotated function that it ends.

use std::cell::Cell;
use std::panic::PanicHookInfo;
use std::sync::Once;

thread_local! {
    static LAST: Cell<String> = const { Cell::new(String::new()) };
}

/// Puts our hook before the one in place, once a process. It prints nothing.
pub(crate) fn install() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            note(info);
            before(info);
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let payload = info.payload();
    let literal = payload.downcast_ref::<&str>().copied();
    let message = literal.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let message = message.unwrap_or("a value that is no text");
    let text = match info.location() {
        Some(location) => format!("{message} at {location}"),
        None => message.to_owned(),
    };
    let _ = LAST.try_with(|last| last.set(text));
}

/// What the thread's last panic said.
pub(super) fn last_message() -> String {
    LAST.try_with(Cell::take).ok().filter(|text| !text.is_empty()).unwrap_or_else(|| "panic".into())
}
