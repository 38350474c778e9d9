#pragma once

#include "clients/core/acts/draft.h"
#include "events/log/block.h"
#include "events/log/event.h"
#include "events/log/private_store.h"
#include "server/commit/pipeline.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <vector>

namespace bench {

/// Whole dossier lives as a commune's device writes them: a person is introduced, a dossier opened,
/// registered, accepted, evidenced, scored; fifty together are reviewed, submitted, appraised and
/// recognised.  Scores, ages, times between two acts and the like vary as they do among people:
/// drawn from the seed, so a corpus is the same wherever it is made.
///
/// State: the next seq and hash of the device's chain, events made and not yet handed out.
/// Thread: one at a time.
class Corpus {
 public:
  explicit Corpus(std::uint64_t seed = 1);

  /// Founds the log and lays down everything the lives refer to: units, criteria, a cycle,
  /// officers, roles, the device.
  /// Expects: an empty log.
  void found(server::Pipeline& pipeline);

  /// The next `count` events of the device as one signed block.
  events::DeviceBlock next_block(std::size_t count);
  /// The next block, taken apart and checked as a session does it.
  server::PushedRun next_run(std::size_t count);

  /// Where the private records go that the events name.
  events::MemoryPrivateStore& private_store() { return private_store_; }
  const events::SecretSeed& device_seed() const { return device_seed_; }
  /// Of the registrar's device, chain 2, which may read the whole log.
  const events::SecretSeed& administrator_seed() const { return admin_seed_; }
  events::ChainNumber device_chain() const { return device_chain_; }
  events::LogId log() const { return events::LogId{1}; }
  static events::SigningKey server_key();

  /// Seq of the last event handed out.
  std::uint64_t events_handed_out() const { return handed_out_; }
  std::uint64_t dossiers_made() const { return dossiers_; }
  /// Sum of canonical bytes and number of the events handed out.
  std::uint64_t bytes_made() const { return bytes_; }
  std::uint64_t events_made() const { return events_; }
  /// Clock of the corpus; moves on with every event.
  events::Timestamp now() const { return now_; }

 private:
  enum Officer : std::size_t { entrant, head, chair, appraiser, signer, officer_count };

  void refill();
  /// Makes the events that `act(draft, occasion)` adds.
  template <class Act>
  void perform(Officer officer, Act act);
  void add(Officer officer, const clients::RecordRequest& request);
  void start_life();
  /// From 0 to below `limit`.
  std::uint64_t draw(std::uint64_t limit);
  events::Digest private_digest(const events::PrivateFields& fields);

  projections::State nothing_;  ///< No act of the corpus asks what there is.
  events::SecretSeed admin_seed_;
  events::SecretSeed device_seed_;
  events::SigningKey device_key_;
  events::ChainNumber device_chain_{3};
  events::Digest device_hash_;
  std::uint64_t device_seq_ = 0;      ///< Last event made.
  std::uint64_t handed_out_ = 0;      ///< Last event handed out.
  std::vector<events::Bytes> ready_;  ///< Made and not handed out.
  events::MemoryPrivateStore private_store_;

  std::mt19937_64 random_;
  events::Position seen_;
  events::Timestamp now_;
  std::vector<events::UnitId> hamlets_;
  events::OrganisationId association_;
  events::OrganisationId committee_;
  events::CriteriaId criteria_;
  events::CycleId cycle_;
  std::vector<events::PersonId> persons_;
  std::vector<events::RoleGrantId> grants_;
  std::vector<events::DossierId> assessed_;   ///< Wait for their meeting.
  std::vector<std::uint16_t> totals_tenths_;  ///< Of each of them.
  std::uint32_t decision_number_ = 0;
  std::uint64_t salts_ = 0;  ///< Drawn so far; a real device draws them at random.
  std::uint64_t dossiers_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t events_ = 0;
};

}  // namespace bench
