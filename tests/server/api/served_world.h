#pragma once

#include "events/log/memory_event_log.h"
#include "events/proofs/signed_note.h"
#include "server/api/api_service.h"
#include "server/commit/access_index.h"
#include "server/commit/recovery.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/support/block_builder.h"
#include "tests/support/world.h"

#include <boost/asio/thread_pool.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <future>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace server::test {

/// The log of a world in memory: blocks of up to five events of one chain, scope and time.
inline events::MemoryEventLog log_of(const test_support::World& world) {
  std::vector<events::StoredBlock> blocks;
  std::map<events::ChainNumber, events::ChainHead> heads;
  for (const test_support::StoredAct& act : world.stored()) {
    const events::EventHeader& header = act.stored.event.header;
    const auto [known, is_new] = heads.try_emplace(header.chain);
    if (is_new) {
      const auto key = test_support::key_of(header.chain).public_key();
      known->second.hash = events::chain_start(header.chain, key);
    }
    const bool joins = !blocks.empty() && blocks.back().chain == header.chain &&
                       blocks.back().scope == act.scope &&
                       blocks.back().received_at == act.stored.received_at &&
                       blocks.back().entries.size() < 5;
    if (!joins) {
      events::StoredBlock block;
      block.log = events::LogId{1};
      block.epoch = events::Epoch{1};
      block.first = act.position();
      block.received_at = act.stored.received_at;
      block.chain = header.chain;
      block.first_seq = header.seq;
      block.previous = known->second.hash;
      block.scope = act.scope;
      blocks.push_back(std::move(block));
    }
    blocks.back().entries.push_back(
        {act.stored.intake, act.stored.event.canonical, act.stored.verdict});
    known->second = {header.seq,
                     events::chain_next(known->second.hash, act.stored.event.canonical)};
  }
  events::Frontier frontier;
  for (events::StoredBlock& block : blocks) {
    test_support::advance(frontier, block);
    block.root_after = frontier.root();
  }
  events::MemoryEventLog log(events::LogId{1}, events::Epoch{1});
  EXPECT_TRUE(log.append(blocks, frontier));
  return log;
}

/// A dossier with its title in the first commune, one on its way in the second.
struct Scene {
  test_support::World world;
  events::DossierId first;
  events::DossierId second;

  Scene() {
    first = world.register_citizen(0);
    world.assess(0, first);
    world.review(0, {first});
    world.submit(0, {first});
    world.appraise(0, {first});
    world.grant_title(0, {first});
    second = world.register_citizen(1);
  }
};

inline const Scene& the_scene() {
  static const Scene scene;
  return scene;
}

/// A world with dossiers in two communes, behind the interface for other systems.
class ServedWorld {
 public:
  explicit ServedWorld(test_support::World made)
      : world(std::move(made)), log(log_of(world)), now(world.now()) {
    fold_all();
  }

  test_support::World world;
  events::MemoryEventLog log;
  Folded folded;
  events::Timestamp now;
  bool clock_is_right = true;
  bool is_repairing = false;
  e2e::ScratchDirectory scratch;
  TokenStore tokens{scratch / "api.tokens", {}};
  int folds_asked = 0;
  int proofs = 0;  ///< How often the last request was told to be a reader's.

  ApiState state() {
    return {.log = log, .with_fold = [this](const auto& look) {
              ++folds_asked;
              look(folded);
            }};
  }
  ApiService::Parts parts() {
    return {.state = state(),
            .credentials = {
                .admit = [this](events::ChainNumber chain,
                                const Credentials::Ports::Admitted& done) { done(admit(chain)); },
                .clock = [this]() -> events::Result<events::Timestamp> {
                  if (clock_is_right) return now;
                  return events::Error{events::ErrorCode::server_clock, "wrong"};
                },
                .tokens = tokens},
            .is_repairing = [this] { return is_repairing; },
            .api_thread = ApiExecutor{api_thread.get_executor()},
            .network = NetworkExecutor{network.get_executor()}};
  }
  net::thread_pool api_thread{1};
  net::thread_pool network{1};
  ApiService api{parts()};

  ~ServedWorld() {
    network.join();
    api_thread.join();
  }

  events::Result<Admission> admit(events::ChainNumber chain) const {
    const projections::Device* const device = world.state().access().device_of(chain);
    if (device == nullptr) return events::Error{events::ErrorCode::not_enrolled, "no device"};
    AccessIndex index;
    index.rebuild(world.state());
    Admission admission;
    admission.public_key = device->public_key;
    admission.revoked = device->revoked;
    admission.rights = index.rights_of(*device, world.state(), now);
    return admission;
  }

  std::string token(events::UnitId unit, std::uint32_t days = 30) {
    const auto made = tokens.add("Cổng dữ liệu", unit, days, now);
    EXPECT_TRUE(made);
    return made ? made->text : std::string();
  }
  ApiRequest get(const std::string& target, const std::string& token_text = "") const {
    ApiRequest request;
    request.method = "GET";
    request.target = target;
    request.authority = "titles.example:8470";
    if (!token_text.empty()) request.authorization = "Bearer " + token_text;
    return request;
  }
  ApiAnswer ask(const std::string& target, const std::string& token_text = "") {
    return serve(get(target, token_text));
  }
  /// The answer, when it has come.
  ApiAnswer serve(ApiRequest request) {
    const auto came = std::make_shared<std::promise<ApiAnswer>>();
    proofs = 0;
    api.answer(std::move(request),
               {.proved = [this] { ++proofs; },
                .done = [came](ApiAnswer answer) { came->set_value(std::move(answer)); }});
    return came->get_future().get();
  }
  boost::json::object body_of(const ApiAnswer& answer) const {
    boost::system::error_code wrong;
    boost::json::value body = boost::json::parse(answer.response.body, wrong);
    EXPECT_FALSE(wrong) << answer.response.body;
    return body.is_object() ? std::move(body.as_object()) : boost::json::object{};
  }
  /// The fields of an answer that must be 200.
  boost::json::object fields(const std::string& target, const std::string& token_text) {
    const ApiAnswer answer = ask(target, token_text);
    EXPECT_EQ(answer.response.status, 200) << target << ": " << answer.response.body;
    return body_of(answer);
  }

  void fold_all() {
    folded = Folded();
    const auto on_effect = folded.views.on_effect();
    EXPECT_TRUE(fold(log, folded.state, on_effect));
  }

  /// Takes a world that has gone on.
  void go_on(test_support::World later) {
    world = std::move(later);
    log = log_of(world);
    now = world.now();
    fold_all();
  }
};

inline std::string text_of(const boost::json::value& value) {
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

/// Signs a request as a device does.
inline ApiRequest sign(ApiRequest request, const std::string& keyid, const events::SigningKey& key,
                       events::Timestamp at) {
  const std::string parameters = "(\"@method\" \"@authority\" \"@path\" \"@query\");created=" +
                                 std::to_string(at.value / 1'000) + ";keyid=\"" + keyid +
                                 "\";alg=\"ed25519\"";
  const std::size_t mark = request.target.find('?');
  const std::string base =
      "\"@method\": " + request.method + "\n\"@authority\": " + request.authority +
      "\n\"@path\": " + request.target.substr(0, mark) +
      "\n\"@query\": " + (mark == std::string::npos ? "?" : request.target.substr(mark)) +
      "\n\"@signature-params\": " + parameters;
  request.signature_input = "sig1=" + parameters;
  request.signature = "sig1=:" + events::to_base64(key.sign(events::bytes_of(base)).bytes) + ":";
  return request;
}

}  // namespace server::test
