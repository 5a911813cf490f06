//! Calls: one task owns the [`Exchange`] of this process, so that commands and events are decided one at a time.
//!
//! Nobody waits for it: inputs are queued without blocking (sockets hold a lock while they do), notices go over the
//! bus, each to its endpoint.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use openline_call::exchange::{CallTicket, EndpointRef, Exchange, ExchangeConfig, GoneReason, Notify};
use openline_protocol::{
    CallEndReason, CallId, EndpointId, RawId,
    realtime::{CallCommand, CallNotice, CustomContext},
};
use tokio::sync::{mpsc, oneshot};

use super::{RateLimit, RateLimiter, call_tickets::CallTicketSigner};
use crate::{
    bus::{EventBus, Publication},
    clock::Clock,
};

/// Commands that may wait for the task. It takes microseconds for each: more means that something is wrong.
const MAX_WAITING_COMMANDS: usize = 65_536;

/// How often an identity may start a call, whatever becomes of it, where nothing else is said: a person redials a few
/// times a minute, and whom a flood rings cannot turn it off.
pub const DEFAULT_STARTS: RateLimit = RateLimit {
    count: 30,
    window: Duration::from_secs(60),
};

/// The way to the exchange. Clones lead to the same one; the task ends with the last of them.
///
/// The queue has no bound of its own, since few inputs can be refused; each kind has one. Commands and tickets:
/// [`MAX_WAITING_COMMANDS`]. `Registered`: the frames of a socket in its rate window. `Resumed`, `Interrupted`: one per
/// socket. `Gone`: one per subscription. Sockets are bounded by the realtime settings.
#[derive(Debug, Clone)]
pub struct Calls {
    inputs: mpsc::UnboundedSender<Input>,
    waiting: Arc<AtomicUsize>,
}

#[derive(Debug)]
enum Input {
    Registered(EndpointRef),
    Interrupted(EndpointId),
    Resumed(EndpointId),
    Gone(EndpointId, GoneReason),
    MemberLeft(CallTicket),
    Command {
        endpoint_id: EndpointId,
        raw_id: RawId,
        command: CallCommand,
    },
    ShutDown(oneshot::Sender<()>),
}

/// The server cannot keep up with commands. Try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many call commands wait")]
pub struct CallsOverloaded;

impl Calls {
    /// Starts the task. An identity may start `starts` calls; one more ends with 503/0. To be called within a runtime.
    #[must_use]
    pub fn start(
        config: ExchangeConfig,
        starts: RateLimit,
        tickets: CallTicketSigner,
        clock: Arc<dyn Clock>,
        bus: Arc<dyn EventBus>,
    ) -> Self {
        let (inputs, received) = mpsc::unbounded_channel();
        let waiting = Arc::<AtomicUsize>::default();
        let task = Task {
            exchange: Exchange::new(config).with_tickets(Box::new(tickets)),
            starts,
            started: RateLimiter::new(starts.window),
            clock,
            bus,
            waiting: Arc::clone(&waiting),
        };
        tokio::spawn(task.run(received));
        Self { inputs, waiting }
    }

    /// A session subscribed to calls, again to renew its name or rights.
    pub fn endpoint_registered(&self, endpoint: EndpointRef) {
        self.send(Input::Registered(endpoint));
    }

    /// A registered session lost its socket.
    pub fn endpoint_interrupted(&self, endpoint_id: &EndpointId) {
        self.send(Input::Interrupted(endpoint_id.clone()));
    }

    /// A registered session has a socket again.
    pub fn endpoint_resumed(&self, endpoint_id: &EndpointId) {
        self.send(Input::Resumed(endpoint_id.clone()));
    }

    /// A registered session is over, or unsubscribed.
    pub fn endpoint_gone(&self, endpoint_id: &EndpointId, reason: GoneReason) {
        self.send(Input::Gone(endpoint_id.clone(), reason));
    }

    /// A session of the identity asks something of a call.
    ///
    /// # Errors
    /// [`CallsOverloaded`]: the command was not taken.
    pub fn command(
        &self,
        endpoint_id: &EndpointId,
        raw_id: &RawId,
        command: CallCommand,
    ) -> Result<(), CallsOverloaded> {
        self.queue(Input::Command {
            endpoint_id: endpoint_id.clone(),
            raw_id: raw_id.clone(),
            command,
        })
    }

    /// Whoever held the ticket has left the call, and has no session to say so in.
    ///
    /// # Errors
    /// [`CallsOverloaded`]: it was not taken.
    pub fn member_left(&self, ticket: CallTicket) -> Result<(), CallsOverloaded> {
        self.queue(Input::MemberLeft(ticket))
    }

    /// Decides nothing any more: clients take their calls to the process that comes next. Resolves once everything
    /// that was decided before is published.
    pub async fn shut_down(&self) {
        let (done, told) = oneshot::channel();
        self.send(Input::ShutDown(done));
        // An error means that the task is gone, and the calls with it.
        drop(told.await);
    }

    /// Sends what there may be any number of.
    fn queue(&self, input: Input) -> Result<(), CallsOverloaded> {
        if self.waiting.load(Ordering::Relaxed) >= MAX_WAITING_COMMANDS {
            return Err(CallsOverloaded);
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        self.send(input);
        Ok(())
    }

    fn send(&self, input: Input) {
        // The task runs for as long as there is a sender; at the end of the runtime nobody is left to tell.
        drop(self.inputs.send(input));
    }
}

struct Task {
    exchange: Exchange,
    starts: RateLimit,
    started: RateLimiter<RawId>,
    clock: Arc<dyn Clock>,
    bus: Arc<dyn EventBus>,
    waiting: Arc<AtomicUsize>,
}

impl Task {
    async fn run(mut self, mut inputs: mpsc::UnboundedReceiver<Input>) {
        loop {
            let timeout = self.exchange.poll_timeout().map_or(Duration::MAX, |due| {
                due.saturating_duration_since(self.clock.monotonic())
            });
            match tokio::time::timeout(timeout, inputs.recv()).await {
                Ok(Some(Input::ShutDown(done))) => {
                    // Whoever asked may have given up waiting.
                    let _given_up = done.send(());
                    return;
                }
                Ok(Some(input)) => self.handle(input),
                Ok(None) => return,
                Err(_elapsed) => self.exchange.handle_timeout(self.clock.monotonic()),
            }
            self.publish();
            self.report();
        }
    }

    fn handle(&mut self, input: Input) {
        let now = self.clock.monotonic();
        match input {
            Input::Registered(endpoint) => self.exchange.endpoint_registered(endpoint, now),
            Input::Interrupted(endpoint_id) => self.exchange.endpoint_interrupted(&endpoint_id),
            Input::Resumed(endpoint_id) => self.exchange.endpoint_resumed(&endpoint_id, now),
            Input::Gone(endpoint_id, reason) => self.exchange.endpoint_gone(&endpoint_id, reason),
            Input::Command {
                endpoint_id,
                raw_id,
                command,
            } => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                if let Some(reason) = self.refusal(raw_id, &command) {
                    metrics::counter!("openline_calls_refused_total").increment(1);
                    let ended = CallNotice::Ended {
                        call_id: started(&command).unwrap_or(command.call_id()).clone(),
                        reason,
                    };
                    self.tell(endpoint_id, ended);
                } else {
                    self.exchange.handle_command(&endpoint_id, command, now);
                }
            }
            Input::MemberLeft(ticket) => {
                self.waiting.fetch_sub(1, Ordering::Relaxed);
                self.exchange.member_left(ticket);
            }
            // Ends the task.
            Input::ShutDown(_) => {}
        }
    }

    /// Publishes what the exchange has to say.
    fn publish(&mut self) {
        while let Some(Notify { endpoint_id, notice }) = self.exchange.poll_output() {
            self.tell(endpoint_id, notice);
        }
    }

    fn tell(&self, endpoint_id: EndpointId, notice: CallNotice) {
        self.bus.publish(Publication::Notice { endpoint_id, notice });
    }

    fn refusal(&self, raw_id: RawId, command: &CallCommand) -> Option<CallEndReason> {
        if self.is_flood(raw_id, command) {
            Some(CallEndReason::SERVICE_UNAVAILABLE)
        } else {
            let text = custom_context(command)?;
            let context = serde_json::from_str::<CustomContext>(text);
            let allowed = context.is_ok_and(|context| context.is_allowed());
            (!allowed).then_some(CallEndReason::NOT_ALLOWED)
        }
    }

    /// Whether the command starts a call, and that once too often. A call that is live was counted already.
    fn is_flood(&self, raw_id: RawId, command: &CallCommand) -> bool {
        started(command).is_some_and(|call_id| !self.exchange.is_live(call_id))
            && self
                .started
                .check(raw_id, self.starts, self.clock.monotonic())
                .is_err()
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a gauge; there are fewer than 2^52 calls"
    )]
    fn report(&self) {
        let counts = self.exchange.counts();
        metrics::gauge!("openline_calls", "state" => "ringing").set(counts.ringing_calls as f64);
        metrics::gauge!("openline_calls", "state" => "answered").set(counts.answered_calls as f64);
    }
}

/// The call that the command makes.
const fn started(command: &CallCommand) -> Option<&CallId> {
    match command {
        CallCommand::Start { call_id, .. } | CallCommand::Transfer { into: call_id, .. } => Some(call_id),
        CallCommand::Accept { .. }
        | CallCommand::Reject { .. }
        | CallCommand::HangUp { .. }
        | CallCommand::Fail { .. }
        | CallCommand::Signal { .. }
        | CallCommand::Media { .. }
        | CallCommand::Connected { .. }
        | CallCommand::Rejoin { .. } => None,
    }
}

/// What goes with that call to another application. It is read by nobody in between, so it is seen here to be one.
fn custom_context(command: &CallCommand) -> Option<&str> {
    match command {
        CallCommand::Start { custom_context, .. } | CallCommand::Transfer { custom_context, .. } => {
            custom_context.as_deref()
        }
        CallCommand::Accept { .. }
        | CallCommand::Reject { .. }
        | CallCommand::HangUp { .. }
        | CallCommand::Fail { .. }
        | CallCommand::Signal { .. }
        | CallCommand::Media { .. }
        | CallCommand::Connected { .. }
        | CallCommand::Rejoin { .. } => None,
    }
}
