#include "events/protocol/frame_codec.h"

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/crypto/digest.h"
#include "events/protocol/frame_table.h"

#include <algorithm>
#include <string>
#include <utility>

namespace events::protocol {
namespace {

/// A greeting begins with its version; what follows in another version is not ours to read.
Result<void> check_version(ByteView greeting) {
  CompactInput archive(greeting);
  std::uint16_t version = 0;
  archive(version);
  if (version == protocol_version) return {};
  return Error{ErrorCode::unsupported, "version " + std::to_string(version) +
                                           " of the protocol; this build speaks " +
                                           std::to_string(protocol_version)};
}

constexpr FrameTable kinds = table_of_kinds(static_cast<const MessageVariant*>(nullptr));

/// Errors:  malformed; unsupported: a greeting in another version.
Result<Message> read_message(const KindOfFrame& kind, ByteView payload) {
  try {
    if (kind.begins_with_version) {
      if (auto known = check_version(payload); !known) return known.error();
    }
    CompactInput archive(payload);
    Message message;
    kind.read(archive, message);
    return message;
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, exception.what()};
  }
}

inline constexpr std::uint8_t must_understand = 0x80;

/// Errors:  as read_frame().
Result<std::optional<Message>> read_frame_of(const FrameTable& table, ByteView* rest) {
  std::uint8_t kind = 0;
  ByteView payload;
  try {
    CompactInput archive(*rest);
    kind = archive.read_byte();
    const std::uint64_t length = archive.read_varint();
    if (length > frame_bytes_max) {
      return Error{ErrorCode::too_large, "frame " + std::to_string(kind) + " of " +
                                             std::to_string(length) + " bytes; at most " +
                                             std::to_string(frame_bytes_max)};
    }
    payload = archive.read_bytes(static_cast<std::size_t>(length));
    *rest = archive.rest();
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::malformed, std::string("frame: ") + exception.what()};
  }
  const KindOfFrame& known = table[kind];
  if (known.read == nullptr) {
    if ((kind & must_understand) != 0) {
      return Error{ErrorCode::unsupported,
                   "frame " + std::to_string(kind) + " is newer than this build"};
    }
    return std::optional<Message>{};
  }
  Result<Message> message = read_message(known, payload);
  if (!message) {
    return Error{message.error().code,
                 "frame " + std::to_string(kind) + ": " + message.error().message};
  }
  return std::optional<Message>{std::move(*message)};
}

}  // namespace

std::string beginning_of(const std::string& text, std::size_t limit) {
  std::size_t size = std::min(limit, text.size());
  const auto is_inside_character = [&] {
    return size < text.size() && (static_cast<std::uint8_t>(text[size]) & 0xC0U) == 0x80U;
  };
  while (size > 0 && is_inside_character()) --size;
  return text.substr(0, size);
}

Bytes hello_statement(const Hello& hello) {
  Hello unsigned_hello = hello;
  unsigned_hello.signature = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-hello-1"));
  CompactOutput archive(statement);
  archive(unsigned_hello);
  return statement;
}

Bytes enrol_statement(const Enrol& enrol) {
  Enrol unsigned_enrol = enrol;
  unsigned_enrol.proof = {};
  Bytes statement;
  append_bytes(statement, bytes_of("khuyenhoc-enrol-1"));
  CompactOutput archive(statement);
  archive(unsigned_enrol);
  return statement;
}

std::uint64_t scope_digest_of(const ReaderScope& scope) {
  return fingerprint_of(sha256(encode(scope)));
}

void append_frame(Bytes& target, const Message& message) {
  Bytes payload;
  CompactOutput fields_archive(payload);
  const FrameKind kind = std::visit(
      [&]<class T>(const T& fields) {
        write_fields(fields_archive, fields);
        return T::kind;
      },
      message);
  append_payload(target, kind, payload);
}

void append_payload(Bytes& target, FrameKind kind, ByteView payload) {
  CHECK(payload.size() <= frame_bytes_max, "senders cut their messages at the frame limit");
  CompactOutput archive(target);
  archive.write_byte(static_cast<std::uint8_t>(kind));
  archive.write_varint(payload.size());
  archive.write_bytes(payload);
}

Bytes encode_frame(const Message& message) {
  Bytes frame;
  append_frame(frame, message);
  return frame;
}

Result<std::optional<Message>> read_frame(ByteView* rest) { return read_frame_of(kinds, rest); }

Result<std::vector<Message>> read_frames(ByteView message,
                                         std::vector<Message>* read_before_error) {
  return read_frames_of(kinds, message, read_before_error);
}

Result<std::vector<Message>> read_frames_of(const FrameTable& table, ByteView message,
                                            std::vector<Message>* read_before_error) {
  std::vector<Message> messages;
  while (!message.empty()) {
    Result<std::optional<Message>> frame = read_frame_of(table, &message);
    if (!frame) {
      if (read_before_error != nullptr) *read_before_error = std::move(messages);
      return frame.error();
    }
    if (*frame) messages.push_back(std::move(**frame));
  }
  return messages;
}

}  // namespace events::protocol
