/// A span around a piece of a function.
///
/// With a block the span covers it; the block may be left by `return`, `break` and `?`. Without
/// one, the span ends when the returned guard is dropped. Sync code only: a guard can't be held
/// across an `.await`.
///
/// ```
/// use monitor_runtime::span;
///
/// let total: u64 = span!("app.sum", "sum of squares", { (1..=10).map(|n| n * n).sum() });
///
/// let _span = span!("app.step", "the rest");
/// ```
#[macro_export]
macro_rules! span {
    ($op:literal, $name:literal, $block:block) => {{
        static CALLSITE: $crate::__private::Callsite =
            $crate::__private::Callsite::new($op, $name, ::core::module_path!());
        let _span = $crate::__private::enter(&CALLSITE);
        $block
    }};
    ($op:literal, $name:literal) => {{
        static CALLSITE: $crate::__private::Callsite =
            $crate::__private::Callsite::new($op, $name, ::core::module_path!());
        $crate::__private::enter_by_hand(&CALLSITE)
    }};
}
