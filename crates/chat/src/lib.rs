//! The chat client: event order, cursor and typing decisions, without a network.
