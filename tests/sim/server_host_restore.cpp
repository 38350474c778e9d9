#include "tests/sim/server_host.h"
#include "tests/sim/violation.h"

#include <utility>

// Backups of the simulated server, and what becomes of it when one is restored.

namespace sim {
namespace {

/// How often devices have confirmed that they let go; the server alone has written it down.
std::uint64_t purges_in(const projections::State& state) {
  std::uint64_t purges = 0;
  for (const projections::Device& device : state.access().devices()) {
    purges += device.purged_as_of.value;
  }
  return purges;
}

std::size_t devices_in(const projections::State& state) {
  std::size_t devices = 0;
  for (const projections::Device& device : state.access().devices()) {
    if (device.chain.value != 0) ++devices;
  }
  return devices;
}

/// The position up to which the last LogRestored says that the log was repaired.
events::Position repaired_position(const events::MemoryEventLog& log, events::Position after) {
  events::Position repaired;
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (;;) {
    events::Position scanned_to;
    const std::optional<events::Bytes> encoded = *log.next_block(everything, after, &scanned_to);
    if (!encoded) return repaired;
    const events::StoredBlock block = *events::decode_stored_block(*encoded);
    after = block.last();
    for (const events::StoredEvent& stored : *events::stored_events(block)) {
      const auto* const end = std::get_if<events::LogRestored>(&stored.event.payload);
      if (end != nullptr) repaired = end->repaired;
    }
  }
}

}  // namespace

void ServerHost::back_up() {
  if (is_repairing()) return;
  const events::LogHead head = log_.head();
  backup_ = Backup{head.position,  head.epoch,          privates_.copy(),
                   files_.files(), devices_in(state()), purges_in(state())};
}

bool ServerHost::can_restore() const {
  return backup_ && !is_repairing() && backup_->upto < log_.head().position &&
         backup_->devices == devices_in(state()) && backup_->purges == purges_in(state());
}

void ServerHost::restore_backup() {
  tally_.count(Happening::server_restored);
  ++restores_;
  gave_up_ = false;
  for (const LinkPtr& link : links_) link->lose();
  log_.restore(backup_->upto);
  privates_.restore(backup_->privates);
  if (files_.files() != backup_->files) tally_.count(Happening::file_lost_with_disk);
  files_.restore(backup_->files);
  parking_.lose_disk();
  checkpoint_.reset();
  staging_ = {};
  restored_ = log_.head();
  restored_->epoch = backup_->epoch;
  if (plant_ == Plant::restored_unrepaired) {
    restored_.reset();
    ++repairs_;
    repaired_to_ = backup_->upto;
  }
  restart();
}

void ServerHost::begin_repair() {
  auto begun = server::Repair::begin({.pipeline = *pipeline_,
                                      .store = staging_,
                                      .restored = *restored_,
                                      .end_mark = [this]() -> events::Result<void> {
                                        ++repairs_;
                                        repaired_to_ =
                                            repaired_position(log_.truth(), restored_->position);
                                        tally_.count(Happening::log_repaired);
                                        restored_.reset();
                                        if (on_repaired_) on_repaired_();
                                        return {};
                                      },
                                      .on_end = [this] { look_for_lost_files(); }});
  require(begun.has_value(), Promise::live, "what devices gave back cannot be read");
  repair_.emplace(std::move(*begun));
}

void ServerHost::finish_repair(events::Timestamp now) {
  tally_.count(Happening::repair_given_up);
  gave_up_ = true;
  const events::Result<events::Timestamp> time = this->time(now, Happening::clock_refused_other);
  require(time.has_value(), Promise::right_time, "a wrong clock keeps a repair from its end");
  const auto finished = repair_->finish(true, *time);
  require(finished.has_value(), Promise::live, "a repair cannot be ended");
}

void ServerHost::return_blocks(std::uint64_t number, server::RepairBatch repair_batch,
                               events::Timestamp now) {
  if (!repair_) return;
  if (plant_ == Plant::repaired_without_names) repair_batch.records.clear();
  if (!repair_batch.blocks.empty()) tally_.count(Happening::blocks_returned);
  const events::Result<events::Timestamp> time = this->time(now, Happening::clock_refused_other);
  auto answer = time ? repair_->take(repair_batch, *time)
                     : events::Result<events::protocol::Reconcile>(time.error());
  if (append_crashed()) return restart();
  if (Connection* const connection = find(number)) {
    enqueue(number, connection->session->on_blocks_returned(std::move(answer), clock_.wall(now)));
  }
  tell_about_access();
}

}  // namespace sim
