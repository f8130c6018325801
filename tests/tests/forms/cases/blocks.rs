//! One attribute for all functions of an `impl` block or a trait.

use std::fmt::Debug;

use monitor_runtime::{capture_errors, slow_threshold, traced};

use crate::harness::{Form, Refused, block_on, collect, form, later};

#[derive(Debug)]
struct Account {
    id: u32,
}

#[traced(op = "account", tags(area = "billing"))]
impl Account {
    /// A constant function stays one.
    const fn zero() -> Self {
        Self { id: Self::ZERO }
    }

    const ZERO: u32 = {
        const NOTHING: u32 = 0;
        NOTHING
    };

    fn new(id: u32) -> Self {
        Self { id }
    }

    #[inline]
    pub(crate) async fn load(&mut self) -> Result<u32, Refused> {
        later().await;
        self.helper();
        if self.id > 9 { Err(Refused("id")) } else { Ok(self.id) }
    }

    #[traced(skip)]
    fn helper(&self) {}

    #[traced(name = "renamed")]
    fn own_name(
        &self,
    ) -> [u8; {
        let two = 2;
        two
    }] {
        [1, 2]
    }

    fn stream(&self) -> impl futures_util::Stream<Item = u32> + '_ {
        futures_util::stream::iter([self.id])
    }

    unsafe fn not_safe(&self) -> u32 {
        self.id
    }
}

const MADE: Account = Account::zero();

struct Store<T>(Vec<T>);

#[traced(prefix = "Store::")]
#[capture_errors]
#[slow_threshold(ms = 1000)]
impl<T: Clone + Debug> Store<T>
where
    T: PartialEq,
{
    fn len(&self) -> usize {
        self.0.len()
    }

    fn first(&self) -> Result<T, Refused> {
        self.0.first().cloned().ok_or(Refused("empty"))
    }

    #[capture_errors(skip)]
    fn expected(&self) -> Result<T, Refused> {
        Err(Refused("expected"))
    }
}

#[traced(child_only)]
trait Job {
    const LIMIT: u8 = 3;

    type Output: Debug;

    fn id(&self) -> u8;

    fn run(&self) -> u8 {
        self.step() + Self::LIMIT
    }

    #[traced(root)]
    fn start(&self) -> u8 {
        self.run()
    }

    fn step(&self) -> u8 {
        self.id()
    }
}

impl Job for u8 {
    type Output = Self;

    fn id(&self) -> u8 {
        *self
    }
}

#[traced(fields(id, self.id))]
impl Account {
    fn both(&self, id: u8) -> u8 {
        id
    }

    fn neither() -> u8 {
        1
    }
}

macro_rules! with_methods {
    ($name:ident { $($method:item)* }) => {
        #[traced]
        impl $name {
            $($method)*
        }
    };
}

with_methods!(Account {
    fn from_a_macro(&self) -> u32 {
        self.id
    }
    async fn async_from_a_macro(&self) -> u32 {
        later().await;
        self.id
    }
});

macro_rules! whole_block {
    ($block:item) => {
        #[traced]
        $block
    };
}

whole_block! {
    impl Account {
        fn whole(&self) -> u32 {
            self.id
        }
    }
}

pub(crate) fn forms() -> Vec<Form> {
    vec![
        form("const fn", "", || MADE.id),
        form("function", "new ok", || Account::new(1)),
        form("async", "load ok", || block_on(Account { id: 1 }.load())),
        form("async, Err", "load error", || block_on(Account { id: 10 }.load())),
        form("own name", "renamed ok", || Account { id: 1 }.own_name()),
        form("stream", "stream ok", || collect(Account { id: 1 }.stream())),
        form("unsafe", "not_safe ok", || unsafe { Account { id: 1 }.not_safe() }),
        form("prefix", "Store::len ok", || Store(vec![1]).len()),
        form("three attributes", "Store::first error", || Store::<u8>(vec![]).first()),
        form("skip of one", "Store::expected error", || Store::<u8>(vec![]).expected()),
        form("child_only", "", || 1.run()),
        form("root beside child_only", "start ok, run ok, step ok", || 1.start()),
        form("fields", "both ok", || Account { id: 1 }.both(2)),
        form("fields of others", "neither ok", Account::neither),
        form("$method:item", "from_a_macro ok", || Account { id: 1 }.from_a_macro()),
        form("$method:item, async", "async_from_a_macro ok", || {
            block_on(Account { id: 1 }.async_from_a_macro())
        }),
        form("$block:item", "whole ok", || Account { id: 1 }.whole()),
    ]
}
