//! A callsite for each route, as each annotated function has one: events, sampling and tables go by
//! its name.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use crate::callsite::{Callsite, Details};
use crate::context::cut;

/// Routes of all methods; a program has tens.
const MAX_ROUTES: usize = 1000;
/// Bytes of a route: what Sentry keeps of a transaction's name.
const MAX_NAME: usize = 200;

pub(super) const OP: &str = "http.server";
pub(super) const UNKNOWN: &str = "<unknown>";

/// What runs, whatever the route is.
static FUNCTION: Details = Details::new().function("MonitorService::call");

type Routes = HashMap<String, &'static Callsite>;

static ROUTES: LazyLock<RwLock<Routes>> = LazyLock::new(RwLock::default);

/// Methods that anybody should send. What else a client makes up is no name.
const METHODS: [&str; 9] =
    ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE"];

/// The method as it may be part of a name.
pub(super) fn method(method: &str) -> &'static str {
    METHODS.into_iter().find(|known| *known == method).unwrap_or("_OTHER")
}

/// The callsite of a route, and the route as it is called.
pub(super) fn site(method: &'static str, route: Option<&str>) -> (&'static Callsite, &'static str) {
    let route = cut(route.unwrap_or(UNKNOWN), MAX_NAME);
    let name = format!("{method} {route}");
    let site = known(&name).unwrap_or_else(|| learn(method, name));
    let route = site.name.split_once(' ').map_or(UNKNOWN, |(_, route)| route);
    (site, route)
}

fn known(name: &str) -> Option<&'static Callsite> {
    ROUTES.read().unwrap_or_else(PoisonError::into_inner).get(name).copied()
}

#[cold]
fn learn(method: &'static str, name: String) -> &'static Callsite {
    let mut routes = ROUTES.write().unwrap_or_else(PoisonError::into_inner);
    let is_full = routes.len() >= MAX_ROUTES;
    // Beyond the bound there is room for one more each method.
    let name = if is_full { format!("{method} {UNKNOWN}") } else { name };
    routes.entry(name).or_insert_with_key(|name| {
        // Callsites are for ever, and there are few of them.
        let name: &'static str = Box::leak(name.clone().into_boxed_str());
        let site = Callsite::new(OP, name, module_path!()).scoped().with(&FUNCTION);
        Box::leak(Box::new(site))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_remembered_up_to_a_bound() {
        let (first, route) = site("GET", Some("/users/{id}"));
        assert_eq!((first.name, route), ("GET /users/{id}", "/users/{id}"));
        assert!(std::ptr::eq(first, site("GET", Some("/users/{id}")).0));
        assert_eq!(site("GET", None).0.name, "GET <unknown>");
        for number in 0..2 * MAX_ROUTES {
            site("POST", Some(&format!("/made-up/{number}")));
        }
        assert_eq!(site("POST", Some("/one-more")).1, UNKNOWN);
        assert_eq!(site("GET", Some("/users/{id}")).1, "/users/{id}");
        assert!(ROUTES.read().unwrap().len() <= MAX_ROUTES + METHODS.len() + 1);
        assert_eq!(method("BREW"), "_OTHER");
    }
}
