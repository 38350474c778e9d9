#pragma once

#include "clients/core/acts/access.h"
#include "clients/core/acts/unit_import.h"
#include "clients/core/acts/units.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace clients::acts {

// A decree from a file: what is wrong with it, what it brings about, and its events.

/// A row of a decree, and the line of the file that it stands in.
struct DecreeLine {
  std::size_t number = 0;  ///< In the file, from 1.
  events::UnitsChangeRow row;
};

/// Every line that a decree from that day on cannot hold, by number.  A decree with one bad line is
/// no decree.
/// Expects: the units of the lines are of `units`.
std::vector<BadLine> bad_lines(const projections::Units& units, events::Day effective,
                               std::span<const DecreeLine> lines);

/// The decree in as few events as hold it, each of them whole by itself: all rows of one unit stand
/// in one event.
/// Errors:  too_large: the rows of one unit do not fit into an event.
events::Result<std::vector<Decree>> pieces_of(const std::string& basis, events::Day effective,
                                              std::span<const DecreeLine> lines);

/// What a decree brings about, for whoever has to say yes to it.
struct DecreePreview {
  /// A unit that ends.
  struct End {
    events::UnitId unit;
    events::UnitId heir;
  };
  /// A hamlet that lies elsewhere.
  struct Move {
    events::UnitId hamlet;
    events::UnitId from;
    events::UnitId to;
  };
  /// The dossiers that go on in another unit.
  struct Flow {
    events::UnitId from;
    events::UnitId to;
    std::size_t dossiers = 0;
    std::size_t open = 0;         ///< Of these: without a decision.
    std::size_t unallocated = 0;  ///< Of these: of a unit that is split, without their hamlet.
  };
  /// A role that ends with its unit.
  struct RoleEnd {
    events::RoleGrantId grant;
    events::PersonId person;
    events::Role role{};
    events::UnitId unit;
    /// Where the same role is proposed; none where the heir is of another level, or the person has
    /// that role there.
    events::UnitId successor;
    events::Day valid_to;  ///< Of the old role; 0: no end.
  };
  std::vector<End> ends;  ///< In the order of the decree, like what follows.
  std::vector<Move> moves;
  std::vector<Flow> flows;  ///< Only where there are dossiers.
  std::vector<RoleEnd> roles;
};

/// Looks at what the state holds: a device sees the dossiers of its own scopes alone.
DecreePreview preview_of(const projections::State& state, events::Day effective,
                         std::span<const DecreeLine> lines);

/// The roles that are proposed: each person once for each role and unit, by the decree.
std::vector<NewGrant> successor_grants(const DecreePreview& preview, events::Day effective,
                                       const std::string& basis);

/// Whether a dossier is without a decision still.
bool is_open(const projections::Dossier& dossier);

}  // namespace clients::acts
