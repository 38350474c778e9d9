#include "clients/web/bindings/page_calls.h"

#include "clients/web/bindings/audience.h"
#include "clients/web/bindings/page_acts.h"
#include "clients/web/bindings/page_photos.h"
#include "clients/web/bindings/page_views.h"
#include "events/crypto/secret_key.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/pull_frames.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace clients::web {

using events::Bytes;
using events::ByteView;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

namespace {

void append_counted(Bytes& target, std::string_view text) {
  auto size = static_cast<std::uint32_t>(text.size());
  for (int index = 0; index < 4; ++index) {
    target.push_back(static_cast<std::uint8_t>(size & 0xFFU));
    size >>= 8U;
  }
  events::append_bytes(target, events::bytes_of(text));
}

/// Takes a text with its length off the front.  Errors: malformed.
Result<std::string> take_counted(ByteView& rest) {
  std::uint32_t size = 0;
  if (rest.size() < 4) return Error{ErrorCode::malformed, "a row reaches behind the end"};
  for (std::size_t index = 4; index > 0; --index) size = (size << 8U) | rest[index - 1];
  rest = rest.subspan(4);
  if (rest.size() < size) return Error{ErrorCode::malformed, "a row reaches behind the end"};
  std::string text(reinterpret_cast<const char*>(rest.data()), size);
  rest = rest.subspan(size);
  return text;
}

/// Says what has to be signed, where the call waits for it.
void name_requests(Reply& reply, const std::vector<Bytes>& requests) {
  reply.awaits_signatures = !requests.empty() && (reply.is_good || reply.awaits_signatures);
  if (!reply.awaits_signatures) return;
  reply.json.pop_back();
  const char* before = ", \"to_sign\": [\"";
  for (const Bytes& request : requests) {
    reply.json.append(std::exchange(before, "\", \"")).append(events::to_hex(request));
  }
  reply.json.append("\"]}");
}

constexpr auto append_frame = has_acts ? protocol::append_frame : protocol::append_pulling_frame;

Bytes frames_as_bytes(const PullEngine::Frames& frames) {
  Bytes bytes;
  for (const protocol::Message& frame : frames) append_frame(bytes, frame);
  return bytes;
}

Result<std::vector<protocol::Message>> frames_of(const Fields& fields) {
  const ByteView bytes = fields.bytes("frames");
  if constexpr (has_acts) {
    return protocol::read_frames(bytes);
  } else {
    return protocol::read_pulled_frames(bytes);
  }
}

Reply device_or_error(PageDevice& device, const Result<void>& done) {
  return done ? show_device(device) : reply_with_error(done.error());
}

/// Frames to send with the state of the connection, or why there are none: with the state, too.
Reply sync_reply(PageDevice& device, const Result<PullEngine::Frames>& frames) {
  Reply reply = show_sync(device);
  if (frames) {
    reply.bytes = frames_as_bytes(*frames);
    return reply;
  }
  Reply failed = reply_with_error(frames.error());
  // {"error":…} and {"state":…} become one object.
  failed.json.pop_back();
  failed.json.append(",").append(reply.json, 1);
  return failed;
}

Reply load(PageDevice& device, const Fields& fields, Timestamp) {
  ByteView rest = fields.bytes("rows");
  while (!rest.empty()) {
    const std::uint8_t kind = rest.front();
    rest = rest.subspan(1);
    Result<std::string> key = take_counted(rest);
    Result<std::string> value = key ? take_counted(rest) : key;
    if (!value) return reply_with_error(value.error());
    if (kind != static_cast<std::uint8_t>(RowChange::Kind::put)) {
      return reply_with_error({ErrorCode::malformed, "a database holds rows and nothing else"});
    }
    device.rows().load(std::move(*key), std::move(*value));
  }
  return reply_with([](events::JsonWriter&) {});
}

Reply open(PageDevice& device, const Fields&, Timestamp now) {
  return device_or_error(device, device.open(now));
}

Reply unlock(PageDevice& device, const Fields& fields, Timestamp now) {
  const ByteView master = fields.bytes("master");
  if (master.size() != events::SecretKey::size) {
    return reply_with_error({ErrorCode::malformed, "a master key has 32 bytes"});
  }
  const events::SecretKey key(master.first<events::SecretKey::size>());
  return device_or_error(device, device.unlock(key, now));
}

Reply lock(PageDevice& device, const Fields&, Timestamp now) {
  return device_or_error(device, device.lock(now));
}

/// A frame to send, or why there is none.
Reply frame_reply(const Result<protocol::Message>& frame) {
  if (!frame) return reply_with_error(frame.error());
  Reply reply = reply_with([](events::JsonWriter&) {});
  append_frame(reply.bytes, *frame);
  return reply;
}

/// The frame that answers a request for a chain.
Result<protocol::Message> chain_answer(const Fields& fields) {
  const auto frames = frames_of(fields);
  if (!frames) return frames.error();
  for (const protocol::Message& frame : *frames) {
    const bool is_answer = std::holds_alternative<protocol::Enrolled>(frame) ||
                           std::holds_alternative<protocol::ErrorFrame>(frame);
    if (is_answer) return frame;
  }
  return Error{ErrorCode::closed, "the server did not answer what was asked"};
}

/// The pair that the browser drew; none where it draws no such pairs.  Errors: malformed.
Result<DeviceKey> browser_key(const Fields& fields) {
  const ByteView given = fields.bytes("browser_key");
  events::PublicKey key;
  if (given.empty()) return DeviceKey{};
  if (given.size() != key.bytes.size()) {
    return Error{ErrorCode::malformed, "a public key has 32 bytes"};
  }
  std::copy(given.begin(), given.end(), key.bytes.begin());
  return DeviceKey{key};
}

Reply enrol_ask(PageDevice& device, const Fields& fields, Timestamp) {
  const Result<DeviceKey> fresh = browser_key(fields);
  if (!fresh) return reply_with_error(fresh.error());
  return frame_reply(
      device.ask_for_chain(fields.text("code"), std::string(fields.text("label")), *fresh));
}

Reply enrol_answer(PageDevice& device, const Fields& fields, Timestamp now) {
  const Result<protocol::Message> answer = chain_answer(fields);
  if (!answer) return reply_with_error(answer.error());
  return device_or_error(device, device.take_chain(*answer, now));
}

Reply new_chain_ask(PageDevice& device, const Fields& fields, Timestamp) {
  const Result<DeviceKey> fresh = browser_key(fields);
  return frame_reply(fresh ? device.ask_for_new_chain(*fresh) : fresh.error());
}

Reply new_chain_answer(PageDevice& device, const Fields& fields, Timestamp now) {
  const Result<protocol::Message> answer = chain_answer(fields);
  if (!answer) return reply_with_error(answer.error());
  return device_or_error(device, device.take_new_chain(*answer, now));
}

Reply settle(PageDevice& device, const Fields&, Timestamp now) {
  return device_or_error(device, device.settle(now));
}

Reply export_unsent(PageDevice& device, const Fields&, Timestamp now) {
  Result<Bytes> bundle = device.export_unsent(now);
  if (!bundle) return reply_with_error(bundle.error());
  Reply reply = reply_with([](events::JsonWriter&) {});
  reply.bytes = std::move(*bundle);
  return reply;
}

Reply import_answer(PageDevice& device, const Fields& fields, Timestamp now) {
  return device_or_error(device, device.import_answer(fields.bytes("file"), now));
}

PageDevice::Moment moment_of(const Fields& fields, Timestamp now) {
  const Result<std::uint64_t> steady = fields.number("steady");
  return {now, steady ? *steady : 0};
}

Reply greet(PageDevice& device, const Fields& fields, Timestamp now) {
  using enum PageDevice::Carrier;
  const auto on_socket = fields.flag("live") ? live_socket : socket;
  return sync_reply(
      device, device.greet(fields.flag("http") ? exchange : on_socket, moment_of(fields, now)));
}

Reply take_frames(PageDevice& device, const Fields& fields, Timestamp now) {
  const auto frames = frames_of(fields);
  if (!frames) return sync_reply(device, frames.error());
  const std::size_t bytes = fields.bytes("frames").size();
  return sync_reply(device, device.take(*frames, bytes, moment_of(fields, now)));
}

Reply push(PageDevice& device, const Fields& fields, Timestamp now) {
  return sync_reply(device, device.push_new(moment_of(fields, now)));
}

Reply give_file(PageDevice& device, const Fields& fields, Timestamp) {
  const Result<void> given = device.files().give(fields.text("name"), fields.bytes("pieces"));
  return given ? show_sync(device) : reply_with_error(given.error());
}

Reply hang_up(PageDevice& device, const Fields&, Timestamp) {
  device.hang_up();
  return show_sync(device);
}

Reply sync(PageDevice& device, const Fields&, Timestamp) { return show_sync(device); }

/// What needs a chain.
template <PageCall call>
Reply when_enrolled(PageDevice& device, const Fields& fields, Timestamp now) {
  if (device.is_enrolled()) return call(device, fields, now);
  return reply_with_error({ErrorCode::not_enrolled, "this device is not enrolled yet"});
}

constexpr NamedCall calls[] = {
    {"load", load},
    {"open", open},
    {"unlock", unlock},
    {"lock", lock},
    {"enrol_ask", enrol_ask},
    {"enrol_answer", enrol_answer},
    {"greet", when_enrolled<greet>},
    {"frames", when_enrolled<take_frames>},
    {"push", when_enrolled<push>},
    {"hang_up", when_enrolled<hang_up>},
    {"act", to_record<when_enrolled<perform_act>>},
    {"view", when_enrolled<show_view>},
    {"sync", when_enrolled<sync>},
    {"new_chain_ask", to_record<when_enrolled<new_chain_ask>>},
    {"new_chain_answer", to_record<when_enrolled<new_chain_answer>>},
    {"settle", to_record<when_enrolled<settle>>},
    {"file_give", when_enrolled<give_file>},
    {"photo", when_enrolled<show_photo>},
    {"originals", to_record<when_enrolled<choose_originals>>},
    {"bundle", to_record<when_enrolled<export_unsent>>},
    {"bundle_answer", to_record<when_enrolled<import_answer>>},
};

}  // namespace

std::span<const NamedCall> page_calls() { return calls; }

Reply make_call(const NamedCall& call, PageDevice& device, ByteView input) {
  const Result<Fields> fields = Fields::read(input);
  if (!fields) return reply_with_error(fields.error());
  const Result<std::uint64_t> now = fields->number("now");
  if (!now) return reply_with_error(now.error());
  if (const Result<void> heeded = device.heed_clock(Timestamp{*now}); !heeded) {
    return reply_with_error(heeded.error());
  }
  AwaitedSignatures& signatures = device.signatures();
  for (const std::string& given : fields->all("signature")) {
    signatures.give(events::bytes_of(given));
  }
  Reply reply = call.call(device, *fields, Timestamp{*now});
  name_requests(reply, signatures.requests());
  signatures.clear();
  return reply;
}

Bytes packed_changes(PageDevice& device) {
  Bytes bytes = packed(device.rows().take_changes());
  events::append_bytes(bytes, packed(device.files().take_changes()));
  return bytes;
}

Bytes packed(std::span<const RowChange> changes) {
  Bytes bytes;
  for (const RowChange& change : changes) {
    bytes.push_back(static_cast<std::uint8_t>(change.kind));
    append_counted(bytes, change.key);
    append_counted(bytes, change.value);
  }
  return bytes;
}

}  // namespace clients::web
