#include "events/protocol/move_messages.h"

#include "events/archive/compact.h"

#include <utility>

namespace events::protocol {

Bytes moved_statement(const Moved& moved) {
  Moved unsigned_move = moved;
  unsigned_move.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-moved-1"));
  CompactOutput archive(statement);
  archive(unsigned_move);
  return statement;
}

Moved sign_moved(LogId log, std::string address, const SigningKey& server_key) {
  Moved moved{log, std::move(address), {}};
  moved.signature = server_key.sign(moved_statement(moved));
  return moved;
}

bool is_authentic(const Moved& moved, const PublicKey& server_key) {
  return verify(server_key, moved_statement(moved), moved.signature);
}

}  // namespace events::protocol
