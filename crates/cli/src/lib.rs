//! The library half of the binary, so that story tests can start it in process.
