#include "server/bundle/bundle_exchange.h"

#include "events/base/check.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/limits.h"

#include <utility>

namespace server {

namespace bundle = events::bundle;
using events::Result;

Result<BundleExchange> BundleExchange::begin(const Opening& opening, const events::EventLog& log,
                                             const events::PrivateStore& private_store,
                                             PackedBlocks& packed, bundle::ByteSink sink) {
  bundle::BundleHeader answer;
  answer.direction = bundle::Direction::to_device;
  answer.log = opening.bundle.log;
  answer.chain = opening.bundle.chain;
  answer.created = opening.now;
  answer.cursor = opening.bundle.cursor;
  answer.answers = bundle::header_digest(opening.bundle);
  Result<bundle::BundleWriter> writer = bundle::BundleWriter::begin(
      answer, opening.bundle.reply_to, opening.ephemeral, opening.server_key, std::move(sink));
  if (!writer) return writer.error();
  const BundleTransit transit{opening.bundle.signer, opening.bundle.contact, opening.now};
  auto session = std::make_unique<SyncSession>(log, private_store, packed, opening.number, transit);
  return BundleExchange(std::move(session), std::move(*writer));
}

Result<bool> BundleExchange::drain() {
  bool said = false;
  for (;;) {
    const Result<bool> more = drain_message();
    if (!more || !*more) return more ? Result<bool>(said) : more;
    said = true;
  }
}

Result<bool> BundleExchange::drain_message() {
  was_open_ = was_open_ || session_->is_open();
  if (writer_.bytes_written() >= answer_bytes_max) return false;
  const events::Bytes frames = session_->pump(events::protocol::message_bytes_max);
  if (frames.empty()) return false;
  if (!was_open_) note_refusal(frames);
  if (Result<void> written = writer_.add(frames); !written) return written.error();
  return true;
}

void BundleExchange::note_refusal(events::ByteView frames) {
  const auto said = events::protocol::read_frames(frames);
  CHECK(said.has_value(), "the session's own frames can be read");
  for (const events::protocol::Message& frame : *said) {
    const auto* const error = std::get_if<events::protocol::ErrorFrame>(&frame);
    if (error != nullptr) refusal_ = events::Error{error->code, error->message};
  }
}

Result<void> BundleExchange::finish() { return writer_.finish(); }

}  // namespace server
