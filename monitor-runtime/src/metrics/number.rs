//! What the macros take for a count and for a value.

/// What may be counted.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be counted",
    label = "expected a whole number, such as 1 or `rows.len()`"
)]
pub trait Count {
    /// The number; one below 0 counts nothing.
    fn count(self) -> u64;
}

/// What may be measured.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number that can be measured",
    label = "expected a number, such as 12.5 or `queue.len()`"
)]
pub trait Measure {
    /// The number as Sentry takes it.
    fn measure(self) -> f64;
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl Count for $number {
            #[inline]
            fn count(self) -> u64 {
                self.try_into().unwrap_or_default()
            }
        }
        impl Measure for $number {
            #[inline]
            #[expect(clippy::cast_precision_loss, reason = "a measured value is a float")]
            fn measure(self) -> f64 {
                self as f64
            }
        }
    )*};
}

whole_numbers!(u64, i64, usize, isize, u128);

macro_rules! small_numbers {
    ($($number:ty),*) => {$(
        impl Count for $number {
            #[inline]
            fn count(self) -> u64 {
                self.try_into().unwrap_or_default()
            }
        }
        impl Measure for $number {
            #[inline]
            fn measure(self) -> f64 {
                f64::from(self)
            }
        }
    )*};
}

small_numbers!(u8, u16, u32, i8, i16, i32);

impl Measure for f64 {
    #[inline]
    fn measure(self) -> f64 {
        self
    }
}

impl Measure for f32 {
    #[inline]
    fn measure(self) -> f64 {
        f64::from(self)
    }
}
