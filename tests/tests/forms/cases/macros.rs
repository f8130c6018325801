//! Functions that `macro_rules!` makes.

use std::future::Future;

use monitor_runtime::{capture_errors, traced};

use crate::harness::{Form, Refused, block_on, form, later};

macro_rules! with_block {
    ($name:ident, $body:block) => {
        #[traced]
        fn $name(number: u8) -> u8 {
            let _ = number;
            $body
        }
    };
}

with_block!(inner_block, {
    let one = 1;
    one + 1
});

macro_rules! body_is_block {
    ($name:ident, $argument:ident, $body:block) => {
        #[traced]
        fn $name($argument: u8) -> Result<u8, Refused> $body
    };
}

body_is_block!(whole_body, number, {
    if number > 9 {
        return Err(Refused("number"));
    }
    Ok(number)
});

macro_rules! async_body {
    ($name:ident, $argument:ident: $kind:ty => $out:ty, $body:block) => {
        #[traced]
        async fn $name($argument: $kind) -> $out $body
    };
}

async_body!(async_whole_body, text: &str => Result<usize, Refused>, {
    later().await;
    Ok(text.len())
});

macro_rules! typed {
    ($name:ident, $kind:ty, $value:expr) => {
        #[traced]
        fn $name() -> $kind {
            $value
        }
    };
}

typed!(of_type, u8, 5);
typed!(of_result, Result<u8, Refused>, Err(Refused("typed")));
typed!(of_opaque, impl Iterator<Item = u8>, vec![1, 2].into_iter());
typed!(of_future, std::pin::Pin<Box<dyn Future<Output = u8>>>, Box::pin(async { 3 }));

macro_rules! whole_item {
    ($item:item) => {
        #[traced]
        $item
    };
}

whole_item! {
    fn item(number: u8) -> u8 {
        number
    }
}

whole_item! {
    async fn async_item(number: u8) -> Result<u8, Refused> {
        later().await;
        Ok(number)
    }
}

macro_rules! with_attributes {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident($($argument:ident: $kind:ty),*) $(-> $out:ty)? $body:block) => {
        $(#[$attribute])*
        #[traced]
        $vis fn $name($($argument: $kind),*) $(-> $out)? $body
    };
}

with_attributes! {
    /// With a text.
    #[inline]
    pub(crate) fn with_meta(left: u8, right: &str) -> String {
        format!("{left}{right}")
    }
}

with_attributes! {
    fn without_output(_left: u8) {}
}

macro_rules! lifetimes {
    ($life:lifetime, $name:ident) => {
        #[traced]
        fn $name<$life>(text: &$life str) -> Result<&$life str, Refused> {
            Ok(text)
        }
    };
}

lifetimes!('a, with_lifetime);

macro_rules! patterns {
    ($name:ident, $pattern:pat, $kind:ty, $value:expr) => {
        #[traced]
        fn $name($pattern: $kind) -> Result<u8, Refused> {
            Ok($value)
        }
    };
}

patterns!(with_pattern, (left, right), (u8, u8), left + right);

macro_rules! tokens {
    ($name:ident $($body:tt)*) => {
        #[traced]
        fn $name() -> u8 { $($body)* }
    };
}

tokens!(with_tokens let a = 1; a + 1);

macro_rules! hygienic {
    ($name:ident, $value:expr) => {
        #[capture_errors]
        #[traced]
        fn $name(value: u8) -> Result<u8, Refused> {
            let hidden = 1;
            Ok(value + hidden + $value)
        }
    };
}

const HIDDEN: u8 = 3;
hygienic!(with_hygiene, HIDDEN);

macro_rules! recursive {
    () => {};
    ($name:ident $($rest:ident)*) => {
        #[traced]
        fn $name() -> &'static str {
            stringify!($name)
        }
        recursive!($($rest)*);
    };
}

recursive!(first second);

macro_rules! in_impl {
    ($kind:ident: $($name:ident => $value:literal),*) => {
        impl $kind {
            $(
                #[traced]
                fn $name(&self) -> Result<u8, Refused> {
                    Ok($value)
                }
            )*
        }
    };
}

struct Unit;
in_impl!(Unit: one => 1, two => 2);

macro_rules! attribute_given {
    ($(#[$attribute:meta])* fn $name:ident) => {
        $(#[$attribute])*
        fn $name() -> u8 {
            4
        }
    };
}

attribute_given!(
    #[traced(op = "given")]
    fn given
);

macro_rules! option_given {
    ($name:ident, $op:literal, $label:expr) => {
        #[traced(op = $op, name = $label)]
        fn $name() {}
    };
}

option_given!(with_options, "db", "labelled");

fn local() -> u8 {
    macro_rules! inside {
        ($name:ident) => {
            #[traced]
            fn $name() -> u8 {
                5
            }
        };
    }
    inside!(inside);
    inside()
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("$body:block inside", "inner_block ok", || inner_block(1)),
        form("$body:block", "whole_body ok", || whole_body(1)),
        form("$body:block, Err", "whole_body error", || whole_body(10)),
        form("$body:block, async", "async_whole_body ok", || block_on(async_whole_body("ab"))),
        form("$ty:ty", "of_type ok", of_type),
        form("$ty:ty, Result", "of_result error", of_result),
        form("$ty:ty, impl", "of_opaque ok", || of_opaque().collect::<Vec<_>>()),
        form("$ty:ty, future", "of_future ok", || block_on(of_future())),
        form("$item:item", "item ok", || item(1)),
        form("$item:item, async", "async_item ok", || block_on(async_item(1))),
        form("$attribute:meta", "with_meta ok", || with_meta(1, "a")),
        form("no output", "without_output ok", || without_output(1)),
        form("$life:lifetime", "with_lifetime ok", || with_lifetime("a")),
        form("$pattern:pat", "with_pattern ok", || with_pattern((1, 2))),
        form("$($body:tt)*", "with_tokens ok", with_tokens),
        form("hygiene", "with_hygiene ok", || with_hygiene(1)),
        form("recursive", "first ok, second ok", || [first(), second()]),
        form("in an impl", "one ok, two ok", || (Unit.one(), Unit.two())),
        form("the attribute given", "given ok", given),
        form("options given", "labelled ok", with_options),
        form("inside a function", "inside ok", local),
    ]
}
