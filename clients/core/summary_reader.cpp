#include "clients/core/summary_reader.h"

namespace clients {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

protocol::Hello SummaryReader::greeting(
    events::Timestamp now, const std::array<std::uint8_t, 16>& nonce,
    const std::optional<protocol::ChannelBinding>& binding) const {
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
  hello.rules = replica_.overlay().confirmed().rulebook().rules();
  protocol::sign(hello, events::SigningKey::from_seed(identity.seed), binding);
  return hello;
}

Result<bool> SummaryReader::on_message(const protocol::Message& message) {
  if (const auto* const frame = std::get_if<protocol::Totals>(&message)) {
    for (const protocol::TotalsRow& row : frame->rows) {
      totals_.insert_or_assign(Cell{row.commune, row.title, row.cycle, row.group}, row);
    }
    upto_ = frame->upto;
    caught_up_ = frame->caught_up;
    return true;
  }
  if (const auto* const frame = std::get_if<protocol::Standings>(&message)) {
    for (const protocol::StandingRow& row : frame->rows) {
      standings_.insert_or_assign(row.dossier, row);
    }
    upto_ = frame->upto;
    caught_up_ = frame->caught_up;
    return true;
  }
  if (const auto* const error = std::get_if<protocol::ErrorFrame>(&message)) {
    return Error{error->code, error->message};
  }
  if (const auto* const goaway = std::get_if<protocol::Goaway>(&message)) {
    const bool revoked = goaway->reason == protocol::GoawayReason::revoked;
    return Error{revoked ? ErrorCode::revoked : ErrorCode::closed,
                 revoked ? "the device was revoked" : "the server closes the connection"};
  }
  return false;  // WELCOME, and receipts that the next sync asks for again.
}

}  // namespace clients
