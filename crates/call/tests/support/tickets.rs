//! Tickets that can be read, for tests: what is sealed is what the last line says.

use openline_call::exchange::{CallMember, CallSide, CallTicket, CallTickets};

const SEAL: &str = "sealed";

#[derive(Debug)]
pub(crate) struct PlainTickets;

impl CallTickets for PlainTickets {
    fn seal(&self, ticket: &CallTicket) -> String {
        let side = match ticket.side {
            CallSide::Caller => "caller",
            CallSide::Callee => "callee",
        };
        let name = |member: &CallMember| member.display_name.clone().unwrap_or_default();
        [
            ticket.call_id.as_str(),
            side,
            ticket.caller.raw_id.as_str(),
            &name(&ticket.caller),
            ticket.callee.raw_id.as_str(),
            &name(&ticket.callee),
            SEAL,
        ]
        .join("\n")
    }

    fn open(&self, sealed: &str) -> Option<CallTicket> {
        let [call_id, side, caller, caller_name, callee, callee_name, SEAL] =
            sealed.split('\n').collect::<Vec<_>>()[..]
        else {
            return None;
        };
        let member = |raw_id: &str, name: &str| CallMember {
            raw_id: raw_id.into(),
            display_name: (!name.is_empty()).then(|| name.to_owned()),
        };
        Some(CallTicket {
            call_id: call_id.into(),
            side: if side == "caller" {
                CallSide::Caller
            } else {
                CallSide::Callee
            },
            caller: member(caller, caller_name),
            callee: member(callee, callee_name),
        })
    }
}
