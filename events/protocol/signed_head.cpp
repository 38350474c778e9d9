#include "events/protocol/signed_head.h"

#include "events/archive/compact.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace events::protocol {
namespace {

constexpr std::string_view prefix = "khuyenhoc-mark-1";

/// What is signed, in its order.
template <class Archive, class Head>
void write_or_read(Archive& archive, Head& head) {
  archive(head.log, head.epoch, head.reader, head.position, head.root, head.sum);
}

}  // namespace

Bytes head_statement(const SignedHead& head) {
  Bytes statement;
  append_bytes(statement, bytes_of(prefix));
  CompactOutput archive(statement);
  write_or_read(archive, head);
  return statement;
}

Result<SignedHead> read_head_statement(ByteView statement) {
  const ByteView wanted = bytes_of(prefix);
  if (statement.size() < wanted.size() || !ranges::equal(statement.first(wanted.size()), wanted)) {
    return Error{ErrorCode::malformed, "a statement about something else than a head"};
  }
  try {
    SignedHead head;
    CompactInput archive(statement.subspan(wanted.size()));
    write_or_read(archive, head);
    archive.expect(archive.rest().empty(), "more than a head");
    return head;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("signed head: ") + exception.what()};
  }
}

bool is_authentic(const SignedHead& head, const PublicKey& server_key) {
  return verify(server_key, head_statement(head), head.signature);
}

}  // namespace events::protocol
