//! Metrics whose names stand in the program's text.

/// Counts: one, or as many as are given.
///
/// ```
/// # let (rows, plan) = (vec![1, 2], "pro");
/// use monitor_runtime::count;
///
/// count!("orders.placed");
/// count!("rows.imported", rows.len());
/// count!("orders.placed", plan = plan, "payment.method" = "card");
/// count!("rows.imported", rows.len(), table = "users");
/// ```
///
/// What stands behind the name is only looked at where metrics are on. Each attribute's value is
/// recorded as `#[traced(fields(..))]` does it; of the sets of attributes that a metric has 100 are
/// told apart: [`Config::with_max_attribute_sets`](crate::Config::with_max_attribute_sets).
#[macro_export]
macro_rules! count {
    ($name:literal $(,)?) => {
        $crate::__metric!([counter($name)] add(1), [])
    };
    ($name:literal, $($key:tt = $value:expr),+ $(,)?) => {
        $crate::__metric!([counter($name)] add(1), [$($key = $value),+])
    };
    ($name:literal, $count:expr $(, $key:tt = $value:expr)* $(,)?) => {
        $crate::__metric!(
            [counter($name)] add($crate::__private::Count::count($count)), [$($key = $value),*]
        )
    };
}

/// Sets a value that goes up and down, such as the length of a queue. The last one counts.
///
/// ```
/// # let queue = [1, 2];
/// use monitor_runtime::gauge;
///
/// gauge!("queue.depth", queue.len());
/// gauge!("cache.size", 512 * 1024, unit: "byte", cache = "sessions");
/// ```
///
/// Units are Sentry's: `millisecond`, `byte`, `percent` and the like. What is recorded of attributes
/// is as in [`count!`](crate::count!).
#[macro_export]
macro_rules! gauge {
    ($name:literal, $value:expr, unit: $unit:literal $(, $key:tt = $label:expr)* $(,)?) => {
        $crate::__metric!(
            [gauge($name, ::core::option::Option::Some($unit))]
            value($crate::__private::Measure::measure($value)), [$($key = $label),*]
        )
    };
    ($name:literal, $value:expr $(, $key:tt = $label:expr)* $(,)?) => {
        $crate::__metric!(
            [gauge($name, ::core::option::Option::None)]
            value($crate::__private::Measure::measure($value)), [$($key = $label),*]
        )
    };
}

/// Adds a value to those of which the spread is asked for, such as the size of an upload.
///
/// ```
/// # let upload = [0_u8; 16];
/// use monitor_runtime::distribution;
///
/// distribution!("upload.size", upload.len(), unit: "byte", kind = "image");
/// distribution!("cart.value", 12.5);
/// ```
///
/// Units and attributes are as in [`gauge!`](crate::gauge!).
#[macro_export]
macro_rules! distribution {
    ($name:literal, $value:expr, unit: $unit:literal $(, $key:tt = $label:expr)* $(,)?) => {
        $crate::__metric!(
            [distribution($name, ::core::option::Option::Some($unit))]
            value($crate::__private::Measure::measure($value)), [$($key = $label),*]
        )
    };
    ($name:literal, $value:expr $(, $key:tt = $label:expr)* $(,)?) => {
        $crate::__metric!(
            [distribution($name, ::core::option::Option::None)]
            value($crate::__private::Measure::measure($value)), [$($key = $label),*]
        )
    };
}

/// Adds a [`Duration`](std::time::Duration) to a distribution of milliseconds.
///
/// ```
/// use monitor_runtime::timing;
///
/// let started = std::time::Instant::now();
/// // ...
/// timing!("chat.response", started.elapsed(), mode = "single");
/// ```
#[macro_export]
macro_rules! timing {
    ($name:literal, $duration:expr $(, $key:tt = $label:expr)* $(,)?) => {
        $crate::__metric!(
            [distribution($name, ::core::option::Option::Some("millisecond"))]
            value(::std::time::Duration::as_secs_f64(&$duration) * 1000.0), [$($key = $label),*]
        )
    };
}

/// Counts something that matters to the business, and leaves a breadcrumb of it: `business.<name>`,
/// with the category `business`.
///
/// ```
/// # let plan = "pro";
/// use monitor_runtime::business_event;
///
/// business_event!("subscription_started", plan = plan);
/// ```
#[macro_export]
macro_rules! business_event {
    ($name:literal $(, $key:ident = $value:expr)* $(,)?) => {{
        $crate::__metric!([counter(::core::concat!("business.", $name))] add(1), [$($key = $value),*]);
        $crate::__private::crumb("business", $crate::__private::Level::Info, |__crumb| {
            __crumb.message(&$name);
            $($crate::__breadcrumb_value!(__crumb, $key, $value);)*
        });
    }};
}

/// A value of `business_event!`'s breadcrumb.
#[doc(hidden)]
#[macro_export]
macro_rules! __breadcrumb_value {
    ($crumb:ident, $key:ident, $value:expr) => {{
        use $crate::__private::value::*;
        $crumb.data(
            ::core::stringify!($key),
            (&&&&&$crate::__private::Seen(&$value)).__monitor_value(),
        );
    }};
}

/// What the macros of metrics are made of.
#[doc(hidden)]
#[macro_export]
macro_rules! __metric {
    ([$kind:ident($name:expr $(, $unit:expr)?)] $method:ident($amount:expr), []) => {{
        static INSTRUMENT: $crate::__private::Instrument =
            $crate::__private::Instrument::$kind($name $(, $unit)?);
        if INSTRUMENT.is_on() {
            INSTRUMENT.$method($amount, &[]);
        }
    }};
    ([$kind:ident($name:expr $(, $unit:expr)?)] $method:ident($amount:expr), [$($key:tt = $value:expr),+]) => {{
        static INSTRUMENT: $crate::__private::Instrument =
            $crate::__private::Instrument::$kind($name $(, $unit)?);
        if INSTRUMENT.is_on() {
            let amount = $amount;
            use $crate::__private::value::*;
            INSTRUMENT.$method(
                amount,
                &[$((
                    $crate::__metric_key!($key),
                    (&&&&&$crate::__private::Seen(&$value)).__monitor_value(),
                )),+],
            );
        }
    }};
}

/// An attribute's name: a word, or a text.
#[doc(hidden)]
#[macro_export]
macro_rules! __metric_key {
    ($key:ident) => {
        ::core::stringify!($key)
    };
    ($key:literal) => {
        $key
    };
}
