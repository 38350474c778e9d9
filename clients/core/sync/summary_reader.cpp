#include "clients/core/sync/summary_reader.h"

#include <utility>

namespace clients {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

Result<protocol::Hello> SummaryReader::greeting(
    events::Timestamp now, const std::array<std::uint8_t, 16>& nonce,
    const std::optional<protocol::ChannelBinding>& binding) {
  const Identity& identity = replica_.identity();
  const OfflineLog& own = replica_.own();
  protocol::Hello hello;
  hello.features = protocol::feature_no_events;
  hello.log = identity.log;
  hello.chain = identity.chain;
  hello.device_time = now;
  hello.nonce = nonce;
  // Only as far as the server has answered: what is not sent yet is none of this connection's.
  hello.head_seq = own.verdicts_known();
  hello.head_hash = own.hash_at(hello.head_seq);
  hello.verdicts_known = own.verdicts_known();
  hello.rules = replica_.newest_rules();
  protocol::bind(hello, binding);
  const auto signature = own.signer().sign(protocol::bound_hello_statement(hello, binding));
  if (!signature) return signature.error();
  hello.signature = *signature;
  proof_ = ServerProof{};
  proof_.greet(hello, binding);
  has_subscribed_ = false;
  return hello;
}

std::vector<protocol::Message> SummaryReader::outgoing() {
  std::vector<protocol::Message> frames;
  if (!proof_.is_given() || has_subscribed_) return frames;
  has_subscribed_ = proof_.append_answer(frames, replica_.own().signer()).has_value();
  if (!has_subscribed_) return frames;
  frames.push_back(protocol::Subscribe{wish_.mode, wish_.unit, upto_, wish_.interval_seconds});
  return frames;
}

Result<bool> SummaryReader::take(const protocol::Welcome& welcome) {
  const Result<void> proved = proof_.take(welcome, replica_.identity().server_key);
  if (!proved) return proved.error();
  if (welcome.action == protocol::WelcomeAction::diverged) {
    return Error{ErrorCode::log_diverged, "the log was restored; synchronise first"};
  }
  if (welcome.action == protocol::WelcomeAction::forked) {
    return Error{ErrorCode::fork, "another device has written this chain"};
  }
  return false;
}

Result<bool> SummaryReader::on_message(const protocol::Message& message) {
  if (const auto* const welcome = std::get_if<protocol::Welcome>(&message)) return take(*welcome);
  const bool may_come_first = std::holds_alternative<protocol::ErrorFrame>(message) ||
                              std::holds_alternative<protocol::Goaway>(message);
  if (!proof_.is_given() && !may_come_first) {
    return Error{ErrorCode::unproved_server, "a frame before the greeting was answered"};
  }
  if (const auto* const frame = std::get_if<protocol::Totals>(&message)) {
    for (const protocol::TotalsRow& row : frame->rows) {
      totals_.insert_or_assign(Cell{row.commune, row.title, row.cycle, row.group}, row);
    }
    upto_ = frame->upto;
    caught_up_ = frame->caught_up;
    return true;
  }
  if (const auto* const frame = std::get_if<protocol::DossierStatuses>(&message)) {
    for (const protocol::DossierStatus& row : frame->rows) {
      dossier_statuses_.insert_or_assign(row.dossier, row);
    }
    upto_ = frame->upto;
    caught_up_ = frame->caught_up;
    return true;
  }
  if (const auto* const error = std::get_if<protocol::ErrorFrame>(&message)) {
    return Error{error->code, error->message};
  }
  if (const auto* const goaway = std::get_if<protocol::Goaway>(&message)) {
    const bool revoked = proof_.is_given() && goaway->reason == protocol::GoawayReason::revoked;
    return Error{revoked ? ErrorCode::revoked : ErrorCode::closed,
                 revoked ? "the device was revoked" : "the server closes the connection"};
  }
  return false;  // Receipts that the next sync asks for again.
}

}  // namespace clients
