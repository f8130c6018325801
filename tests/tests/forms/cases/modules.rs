//! One attribute for all functions of a module, and of what is in it.

use std::fmt::{self, Debug, Display};

use monitor_runtime::{capture_errors, slow_threshold, traced};

use crate::harness::{Form, Refused, block_on, form, later};

#[traced(op = "bank")]
pub(crate) mod bank {
    //! Its own documentation.
    #![allow(dead_code)]

    use super::{Debug, Display, Refused, fmt, later};

    pub(crate) const NOBODY: Account<{ 3 - 2 }> = Account { id: 0 };

    static LIMITS: [u32; 2] = [0, 9];

    type One = Account<{ 2 - 1 }>;

    /// How many accounts it stands for.
    #[derive(Clone, Debug)]
    pub(crate) struct Account<const N: usize = { 2 - 1 }> {
        pub(crate) id: u32,
    }

    pub(crate) struct Pair<T>(pub(crate) T, pub(crate) T);

    #[derive(Debug)]
    pub(crate) enum Kind {
        Plain,
        Of { id: u32 },
    }

    unsafe extern "C" {
        fn abs(number: i32) -> i32;
    }

    macro_rules! twice {
        ($number:expr) => {{ $number * 2 }};
    }

    impl One {
        pub(crate) const fn zero() -> Self {
            Self { id: 0 }
        }

        pub(crate) async fn load(&self) -> Result<u32, Refused> {
            later().await;
            if self.id > LIMITS[1] { Err(Refused("id")) } else { Ok(self.id) }
        }
    }


    impl<T> Display for Pair<T>
    where
        T: Debug,
    {
        fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(out, "{:?} {:?}", self.0, self.1)
        }
    }

    pub(crate) trait Named {
        fn name(&self) -> String;

        fn shout(&self) -> String {
            self.name().to_uppercase()
        }
    }

    #[traced(skip)]
    impl Named for Kind {
        fn name(&self) -> String {
            format!("{self:?}")
        }
    }

    #[traced(prefix = "Pair::")]
    impl<T> Pair<T> {
        pub(crate) fn swap(self) -> Self {
            Self(self.1, self.0)
        }

        #[traced(name = "first of two")]
        pub(crate) fn first(self) -> T {
            self.0
        }

        #[traced(skip)]
        pub(crate) fn second(self) -> T {
            self.1
        }
    }

    pub(crate) mod inner {
        pub(crate) fn deep() -> u32 {
            super::double(2)
        }

        #[traced(skip)]
        pub(crate) mod quiet {
            pub(crate) fn quiet() -> u32 {
                1
            }
        }

        use monitor_runtime::traced;
    }

    pub(crate) fn double(number: u32) -> u32 {
        twice!(number)
    }

    pub(crate) const fn constant() -> u32 {
        3
    }

    #[traced(skip)]
    pub(crate) fn skipped() -> u32 {
        let _ = abs as unsafe extern "C" fn(i32) -> i32;
        4
    }

    pub(crate) fn of(id: u32) -> Kind {
        if id == 0 { Kind::Plain } else { Kind::Of { id } }
    }

    use monitor_runtime::traced;
}

#[traced]
#[capture_errors]
#[slow_threshold(ms = 1000)]
mod stacked {
    use super::Refused;

    pub(super) fn fails() -> Result<u32, Refused> {
        Err(Refused("always"))
    }

    pub(super) fn counts() -> u32 {
        1
    }
}

macro_rules! whole_module {
    ($module:item) => {
        #[traced]
        $module
    };
}

whole_module! {
    mod from_a_macro {
        pub(super) fn made() -> u32 {
            1
        }
    }
}

pub(crate) fn forms() -> Vec<Form> {
    use bank::Named;
    let account = || bank::Account::<1> { id: 3 };
    vec![
        form("function", "double ok", || bank::double(2)),
        form("constant", "", || (bank::constant(), bank::NOBODY.id, bank::Account::zero().id)),
        form("method", "load ok", move || block_on(account().load())),
        form("method, Err", "load error", || block_on(bank::Account { id: 10 }.load())),
        form("trait of others", "fmt ok", || bank::Pair(1, 2).to_string()),
        form("trait of its own", "shout ok", || bank::Kind::Of { id: 1 }.shout()),
        form("skipped block", "", || bank::Kind::Plain.name()),
        form("block of its own", "Pair::swap ok, first of two ok", || bank::Pair(1, 2).swap().first()),
        form("skipped in it", "", || bank::Pair(1, 2).second()),
        form("module in it", "deep ok, double ok", bank::inner::deep),
        form("skipped module", "", bank::inner::quiet::quiet),
        form("skipped function", "", bank::skipped),
        form("enum", "of ok, of ok", || (bank::of(0), bank::of(1))),
        form("three attributes", "fails error", stacked::fails),
        form("three attributes, no Result", "counts ok", stacked::counts),
        form("$module:item", "made ok", from_a_macro::made),
    ]
}
