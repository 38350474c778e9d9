#pragma once

#include "tools/pilot/batch_recorder.h"
#include "tools/pilot/plan.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace pilot {

/// What a commune's device must know before it goes offline.
struct CommuneSetup {
  const CommunePlan* plan = nullptr;
  events::UnitId unit;
  std::vector<events::UnitId> hamlets;  ///< As in the plan.
  events::OrganisationId association;
  events::OrganisationId committee;
  std::map<events::Role, events::PersonId> officers;
  std::string code;  ///< One-time code of its device.
};

struct Setup {
  events::UnitId city;
  events::CriteriaId criteria;
  std::map<events::TitleKind, events::CycleId> cycles;
  std::vector<CommuneSetup> communes;
  std::string city_code;  ///< One-time code of the city association's device.
};

/// The criteria of each title that the pilot publishes, in their order.
struct PilotCriteria {
  events::TitleKind title{};
  events::CriteriaPublished content;
};

/// Reads them from their folder, before anything is spent that cannot be had again.
/// Errors:  PlayError, which names the file.
std::vector<PilotCriteria> read_criteria(const std::filesystem::path& folder);

/// Where the criteria files are, seen from the program: in a folder above it or above the working
/// directory; empty when nowhere.
std::filesystem::path find_criteria();

/// What the administrator does, online: units, organisations, criteria, cycles, officers, roles and
/// one-time codes; then everything is synchronised.
Setup provision(clients::Device& administrator, const std::vector<PilotCriteria>& criteria,
                std::uint64_t seed);

}  // namespace pilot
