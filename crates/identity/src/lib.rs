//! Tokens, credentials and raw ids: the decisions, without clock or network.
