//! The agents that are alive on this page. One identity has one at a time, since two would answer for each other;
//! an agent lives until it is disposed, whether or not the page still holds its object.

use std::{cell::RefCell, rc::Rc};

use openline_protocol::RawId;

use super::agent::AgentDriver;

thread_local! {
    static AGENTS: RefCell<Vec<Rc<AgentDriver>>> = const { RefCell::new(Vec::new()) };
}

/// Whether that identity has an agent.
pub(crate) fn has(identity: &RawId) -> bool {
    AGENTS.with_borrow(|agents| {
        agents
            .iter()
            .any(|agent| agent.identity().as_ref() == Some(identity))
    })
}

/// Keeps an agent alive.
pub(crate) fn keep(agent: &Rc<AgentDriver>) {
    AGENTS.with_borrow_mut(|agents| agents.push(Rc::clone(agent)));
}

/// Whether the agent was disposed, or never kept.
pub(crate) fn is_disposed(agent: &Rc<AgentDriver>) -> bool {
    AGENTS.with_borrow(|agents| !agents.iter().any(|known| Rc::ptr_eq(known, agent)))
}

/// Ends an agent; twice is once.
pub(crate) fn dispose(agent: &Rc<AgentDriver>) {
    let known = AGENTS.with_borrow_mut(|agents| {
        let index = agents.iter().position(|known| Rc::ptr_eq(known, agent));
        index.map(|index| agents.remove(index))
    });
    if let Some(agent) = known {
        agent.dispose();
    }
}
