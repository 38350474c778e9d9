#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace sim {

/// Bugs put in on purpose, in the simulator's own adapters: a simulator that does not find them
/// finds nothing.
enum class Plant : std::uint8_t {
  none,
  ack_before_sync,
  forgotten_chain_head,
  wrong_position,
  other_chain,
  verdict_changed,
  device_early_ack,
  early_mark,
  scope_leak,
  scope_gap,
  release_not_due,
  private_lost,
  forgotten_answer,
  skipped_recovery,
  block_altered,
  purge_forgets,
  snapshot_gap,
  branch_forgotten,
  restored_unrepaired,
  repaired_without_names,
  parked_lost,
  parked_acknowledged,
  lease_ignored,
  file_said_before_stored,
  file_not_hashed,
  lost_file_not_asked,
  files_outlive_role,
  self_grant,
  welcome_unproved,
  unsigned_events,
  withheld_block,
  rolled_back,
  quota_ignored,
  server_clock_believed,
};

struct PlantInfo {
  Plant plant;
  std::string_view name;
  std::string_view what;
};

/// All but `none`.
std::span<const PlantInfo> all_plants();
std::optional<Plant> plant_named(std::string_view name);

}  // namespace sim
