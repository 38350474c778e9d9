#include "server/session/wire_error.h"

namespace server {

using events::Error;
using events::ErrorCode;

namespace {

/// Nothing for errors that are about what the peer sent.
const char* words_for(ErrorCode code) {
  switch (code) {
    case ErrorCode::storage_failed:
      return "the server cannot write at the moment; its operator finds the reason in its log";
    case ErrorCode::storage_corrupt:
      return "the server cannot read what it stored; its operator finds the reason in its log";
    case ErrorCode::storage_rolled_back:
      return "the server's log is older than it was; its operator finds the reason in its log";
    case ErrorCode::io_failed:
      return "the server cannot use its files; its operator finds the reason in its log";
    default:
      return nullptr;
  }
}

}  // namespace

bool is_internal(ErrorCode code) { return words_for(code) != nullptr; }

Error wire_error(const Error& error) {
  const char* const words = words_for(error.code);
  return words == nullptr ? error : Error{error.code, words};
}

}  // namespace server
