//! Where most tests begin.

use openline_protocol::CallId;

use super::{client::ClientId, world::World};

/// Alice and Bob, in session.
pub(crate) fn two_people(seed: u64) -> (World, ClientId, ClientId) {
    let mut world = World::new(seed);
    let alice = world.sign_in("alice");
    let bob = world.sign_in("bob");
    (world, alice, bob)
}

impl World {
    /// A call between the two, with media.
    pub(crate) fn answered(&mut self, caller: ClientId, callee: ClientId) -> CallId {
        let raw_id = self.clients[callee].raw_id.clone();
        let call = self.start_to(caller, raw_id);
        self.settle();
        self.accept(callee, &call);
        self.settle();
        assert!(self.flows(&call));
        call
    }
}
