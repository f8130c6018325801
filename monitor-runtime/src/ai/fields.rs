//! What `#[derive(TokenUsage)]` reads a type's fields with.

use std::borrow::Cow;
use std::rc::Rc;
use std::sync::Arc;

use crate::record::{TokenUsage, Usage};

/// The counts of a response, as its fields say them.
#[derive(Clone, Copy, Debug, Default)]
pub struct UsageParts {
    usage: Usage,
}

macro_rules! parts {
    ($($count:ident),*) => {$(
        #[doc = concat!("Sets `", stringify!($count), "`.")]
        #[must_use]
        pub fn $count(mut self, count: Option<u64>) -> Self {
            self.usage.$count = count;
            self
        }
    )*};
}

impl UsageParts {
    /// None of them.
    #[must_use]
    pub fn new() -> Self {
        Self { usage: Usage::default() }
    }

    parts!(input, output, cache_read, cache_creation, reasoning);

    /// The input said so far is what the cache neither read nor wrote, as Anthropic counts.
    #[must_use]
    pub fn input_excludes_cache(mut self) -> Self {
        let Usage { cache_read, cache_creation, .. } = self.usage;
        let cached = cache_read.unwrap_or(0).saturating_add(cache_creation.unwrap_or(0));
        self.usage.input = self.usage.input.map(|input| input.saturating_add(cached));
        self
    }

    /// Takes what isn't said from what a field says of itself.
    #[must_use]
    pub fn inside(mut self, inner: Option<Usage>) -> Self {
        if let Some(inner) = inner {
            self.usage = self.usage.over(&inner);
        }
        self
    }

    /// The usage; `None` when no count was there.
    #[must_use]
    pub fn usage(self) -> Option<Usage> {
        (self.usage != Usage::default()).then_some(self.usage)
    }
}

/// How many tokens a field says.
pub fn token_count<T: TokenCount + ?Sized>(field: &T) -> Option<u64> {
    field.token_count()
}

/// A field that may be a number of tokens.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no number of tokens",
    label = "expected a whole number, or an `Option` of one",
    note = "a type that knows several of them is `#[monitor(usage)]`"
)]
pub trait TokenCount {
    /// The number, if there is one; one below 0 is 0.
    fn token_count(&self) -> Option<u64>;
}

macro_rules! counts {
    ($($number:ty),*) => {$(
        impl TokenCount for $number {
            #[expect(clippy::allow_attributes, reason = "of some numbers only")]
            #[allow(unused_comparisons, reason = "some have no sign")]
            fn token_count(&self) -> Option<u64> {
                Some(if *self < 0 { 0 } else { u64::try_from(*self).unwrap_or(u64::MAX) })
            }
        }
    )*};
}

counts!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<T: TokenCount> TokenCount for Option<T> {
    fn token_count(&self) -> Option<u64> {
        self.as_ref()?.token_count()
    }
}

/// What a field says of the tokens.
pub fn inner_usage<T: TokenUsage + ?Sized>(field: &T) -> Option<Usage> {
    field.token_usage()
}

/// The text of a field.
pub fn word<T: Word + ?Sized>(field: &T) -> Option<Cow<'_, str>> {
    field.word()
}

/// A field that may be a name or an id.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no text",
    label = "expected a text, or an `Option` of one"
)]
pub trait Word {
    /// The text, if there is one.
    fn word(&self) -> Option<Cow<'_, str>>;
}

macro_rules! texts {
    ($($text:ty),*) => {$(
        impl Word for $text {
            fn word(&self) -> Option<Cow<'_, str>> {
                Some(Cow::Borrowed(self))
            }
        }
    )*};
}

texts!(str, String, Box<str>, Arc<str>, Rc<str>, Cow<'_, str>);

impl<T: Word + ?Sized> Word for &T {
    fn word(&self) -> Option<Cow<'_, str>> {
        (**self).word()
    }
}

impl<T: Word> Word for Option<T> {
    fn word(&self) -> Option<Cow<'_, str>> {
        self.as_ref()?.word()
    }
}

/// The texts of a field.
pub fn words<T: Words + ?Sized>(field: &T) -> Vec<Cow<'_, str>> {
    field.words()
}

/// A field that may be one text or several.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no text",
    label = "expected a text, an `Option` of one, or a list of them"
)]
pub trait Words {
    /// The texts that there are.
    fn words(&self) -> Vec<Cow<'_, str>>;
}

impl<T: Word> Words for Vec<T> {
    fn words(&self) -> Vec<Cow<'_, str>> {
        self.iter().filter_map(Word::word).collect()
    }
}

impl<T: Word> Words for [T] {
    fn words(&self) -> Vec<Cow<'_, str>> {
        self.iter().filter_map(Word::word).collect()
    }
}

impl<T: Word, const N: usize> Words for [T; N] {
    fn words(&self) -> Vec<Cow<'_, str>> {
        self.as_slice().words()
    }
}

macro_rules! single_words {
    ($($text:ty),*) => {$(
        impl Words for $text {
            fn words(&self) -> Vec<Cow<'_, str>> {
                self.word().into_iter().collect()
            }
        }
    )*};
}

single_words!(str, String, Box<str>, Arc<str>, Rc<str>, Cow<'_, str>);

impl<T: Words + ?Sized> Words for &T {
    fn words(&self) -> Vec<Cow<'_, str>> {
        (**self).words()
    }
}

impl<T: Words> Words for Option<T> {
    fn words(&self) -> Vec<Cow<'_, str>> {
        self.as_ref().map(Words::words).unwrap_or_default()
    }
}

/// What a field says that the call cost.
pub fn cost<T: Cost + ?Sized>(field: &T) -> Option<f64> {
    field.cost()
}

/// A field that may be an amount of USD.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no amount of money",
    label = "expected `f64`, `f32`, or an `Option` of one: USD"
)]
pub trait Cost {
    /// The amount, if there is one.
    fn cost(&self) -> Option<f64>;
}

impl Cost for f64 {
    fn cost(&self) -> Option<f64> {
        Some(*self)
    }
}

impl Cost for f32 {
    fn cost(&self) -> Option<f64> {
        Some((*self).into())
    }
}

impl<T: Cost> Cost for Option<T> {
    fn cost(&self) -> Option<f64> {
        self.as_ref()?.cost()
    }
}

/// Whether there is anything in a field.
pub fn is_content<T: Content + ?Sized>(field: &T) -> bool {
    field.is_content()
}

/// A field that may hold a piece of the answer.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be empty, and so is no content",
    label = "expected a text or a `Vec`, or an `Option` of one"
)]
pub trait Content {
    /// Whether it isn't empty.
    fn is_content(&self) -> bool;
}

macro_rules! contents {
    ($($text:ty),*) => {$(
        impl Content for $text {
            fn is_content(&self) -> bool {
                !self.is_empty()
            }
        }
    )*};
}

contents!(str, String, Box<str>, Arc<str>, Rc<str>, Cow<'_, str>);

impl<T> Content for Vec<T> {
    fn is_content(&self) -> bool {
        !self.is_empty()
    }
}

impl<T: Content + ?Sized> Content for &T {
    fn is_content(&self) -> bool {
        (**self).is_content()
    }
}

impl<T: Content> Content for Option<T> {
    fn is_content(&self) -> bool {
        self.as_ref().is_some_and(Content::is_content)
    }
}

/// A field's value, or else that of what is inside another field.
pub trait Either: Sized {
    /// The first one, unless there is nothing.
    #[must_use]
    fn either(self, other: impl FnOnce() -> Self) -> Self;
}

impl<T> Either for Option<T> {
    fn either(self, other: impl FnOnce() -> Self) -> Self {
        self.or_else(other)
    }
}

impl<T> Either for Vec<T> {
    fn either(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_empty() { other() } else { self }
    }
}
