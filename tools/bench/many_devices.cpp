#include "tools/bench/many_devices.h"

#include "clients/core/acts/access.h"
#include "events/base/check.h"
#include "events/crypto/digest.h"
#include "events/kinds/access_events.h"
#include "events/log/chain.h"
#include "events/log/event.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace bench {
namespace {

/// Behind those of the server, the administrator and the commune.
constexpr std::uint32_t first_chain = 4;
constexpr std::size_t enrolled_together = 100;

events::ChainNumber chain_of_device(std::uint64_t number) {
  return events::ChainNumber{first_chain + static_cast<std::uint32_t>(number)};
}

/// 16 digits.
std::string code_of(std::uint64_t number) {
  const std::string digits = std::to_string(number);
  return std::string(16 - digits.size(), '0') + digits;
}

/// The administrator offers a chain to each of these devices.
std::vector<events::OfferId> offer(const Corpus& corpus, server::Pipeline& pipeline,
                                   const std::vector<events::PersonId>& persons,
                                   std::uint64_t first, std::uint64_t end) {
  constexpr events::ChainNumber chain{2};
  const events::SigningKey key = events::SigningKey::from_seed(corpus.administrator_seed());
  const auto admission = pipeline.admit(chain, corpus.now());
  CHECK(admission, "the administrator's device founded the log");
  const events::ChainHead head = admission->head;
  projections::Grant registrar;
  for (const projections::Grant& grant : pipeline.state().access().grants()) {
    if (grant.role == events::Role::registrar) registrar = grant;
  }

  const events::Day today = events::day_in_vietnam(corpus.now());
  clients::acts::Draft draft(pipeline.state(), {chain, head.seq + 1});
  const clients::acts::Occasion occasion{registrar.person, [today] {
                                           return clients::acts::Stamp{today, {}};
                                         }};
  std::vector<events::OfferId> offers;
  for (std::uint64_t number = first; number < end; ++number) {
    const events::Digest code = events::sha256(events::bytes_of(code_of(number)));
    offers.push_back(clients::acts::offer_enrolment(
        draft, occasion, {persons, code, events::Timestamp{corpus.now().value * 2}}));
  }
  std::vector<events::Bytes> made;
  for (const clients::RecordRequest& request : draft.requests()) {
    events::EventHeader header;
    header.chain = chain;
    header.seq = head.seq + 1 + made.size();
    header.stream = {events::StreamKind::access, header.id()};
    header.seen = pipeline.state().applied();
    header.rules = events::RulesVersion{1};
    header.actor = request.actor;
    header.role_grant = registrar.id;
    header.recorded_at = corpus.now();
    header.business_day = request.business_day;
    made.push_back(events::make_event(header, request.payload).canonical);
  }
  std::vector<server::PushedRun> runs;
  runs.push_back(std::move(*server::check_run(
      events::sign_block(corpus.log(), chain, head.seq + 1, head.hash, std::move(made), key),
      events::VerifyingKey::load(key.public_key()).value(), corpus.now(), {})));
  const auto outcomes = pipeline.commit(runs, corpus.now());
  CHECK(outcomes && std::holds_alternative<events::protocol::PushAck>(outcomes->front()),
        "the offers continue the administrator's chain");
  return offers;
}

}  // namespace

events::SecretSeed seed_of_device(std::uint64_t number) {
  events::SecretSeed seed;
  seed.bytes.back() = 0xDE;
  for (std::size_t index = 0; index < 8; ++index) {
    seed.bytes[index] = static_cast<std::uint8_t>(number >> (8 * index));
  }
  return seed;
}

events::SigningKey key_of_device(std::uint64_t number) {
  return events::SigningKey::from_seed(seed_of_device(number));
}

events::protocol::Hello hello_of_device(std::uint64_t number) {
  events::protocol::Hello hello;
  hello.log = events::LogId{1};
  hello.chain = chain_of_device(number);
  hello.head_hash = events::chain_start(hello.chain, key_of_device(number).public_key());
  return hello;
}

void enrol_devices(const Corpus& corpus, server::Pipeline& pipeline, std::uint64_t count) {
  const std::vector<events::PersonId> persons =
      pipeline.state().access().device_of(corpus.device_chain())->persons;
  for (std::uint64_t done = 0; done < count; done += enrolled_together) {
    const std::uint64_t end = std::min<std::uint64_t>(count, done + enrolled_together);
    const std::vector<events::OfferId> offers = offer(corpus, pipeline, persons, done, end);
    std::vector<events::Payload> enrolments;
    for (std::uint64_t number = done; number < end; ++number) {
      enrolments.emplace_back(
          events::DeviceEnrolled{offers[number - done], code_of(number), chain_of_device(number),
                                 key_of_device(number).public_key(), persons, "Máy xã"});
    }
    CHECK(pipeline.append_system(std::move(enrolments), corpus.now()), "the codes are right");
  }
}

}  // namespace bench
