//! The connections that are in use on this page.

use std::{
    cell::RefCell,
    rc::{Rc, Weak},
};

use super::{shared::Shared, token::Principal};
use crate::browser::endpoint::Endpoint;

thread_local! {
    static CONNECTIONS: RefCell<Vec<Weak<Shared>>> = const { RefCell::new(Vec::new()) };
}

/// The connection of that principal. One whose token names nobody is not shared.
pub(super) fn find(endpoint: &Endpoint, principal: Option<&Principal>) -> Option<Rc<Shared>> {
    let principal = principal?;
    CONNECTIONS.with_borrow(|connections| {
        let mut live = connections.iter().filter_map(Weak::upgrade);
        live.find(|shared| shared.endpoint == *endpoint && shared.principal.as_ref() == Some(principal))
    })
}

/// Makes a connection known.
pub(super) fn keep(shared: Rc<Shared>) -> Rc<Shared> {
    CONNECTIONS.with_borrow_mut(|connections| connections.push(Rc::downgrade(&shared)));
    shared
}

/// Forgets a connection that nobody uses any more.
pub(super) fn forget(shared: &Rc<Shared>) {
    let gone = Rc::downgrade(shared);
    CONNECTIONS.with_borrow_mut(|connections| connections.retain(|known| !known.ptr_eq(&gone)));
}
