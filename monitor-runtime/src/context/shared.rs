//! A part of the scope that copies share until one of them changes it. An empty one takes no memory.

use std::collections::VecDeque;
use std::fmt::{self, Debug};
use std::ops::Deref;
use std::sync::Arc;

use crate::record::{Attributes, Breadcrumb, Text};

/// As an `Arc`, without an allocation while it is empty.
#[derive(Clone)]
pub(crate) struct Shared<T>(Option<Arc<T>>);

/// What there is one empty value of.
pub(crate) trait Empty: Clone + Default + 'static {
    fn empty() -> &'static Self;
}

macro_rules! empty {
    ($($kind:ty: $new:expr;)*) => {$(
        impl Empty for $kind {
            fn empty() -> &'static Self {
                static EMPTY: $kind = $new;
                &EMPTY
            }
        }
    )*};
}

empty! {
    Attributes: Vec::new();
    Vec<(Text, Arc<str>)>: Vec::new();
    Vec<(Text, Arc<Attributes>)>: Vec::new();
    VecDeque<Arc<Breadcrumb>>: VecDeque::new();
}

impl<T: Empty> Shared<T> {
    /// To change it: the copies keep what they have.
    pub(crate) fn make_mut(&mut self) -> &mut T {
        Arc::make_mut(self.0.get_or_insert_default())
    }
}

impl<T> Shared<T> {
    /// Whether nothing was ever put in.
    pub(crate) const fn is_unset(&self) -> bool {
        self.0.is_none()
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(None)
    }
}

impl<T: Empty> Deref for Shared<T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.0 {
            Some(value) => value,
            None => T::empty(),
        }
    }
}

impl<T: Empty + Debug> Debug for Shared<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
