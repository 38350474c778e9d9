#pragma once

#include "events/base/bounded.h"
#include "events/base/ids.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/titles.h"
#include "events/protocol/frame_kind.h"

#include <cstddef>
#include <cstdint>
#include <vector>

// Live totals and dossier statuses for associations: what the log amounts to, without its events.
// Grammar and sequences: docs/protocol.md.

namespace events::protocol {

/// Bit of `features` in HELLO: the reader wants no events, only what it subscribes to.
inline constexpr std::uint32_t feature_no_events = 2;

/// Rows in one TOTALS or DOSSIER_STATUSES.
inline constexpr std::size_t summary_rows_max = 256;
/// The shortest time between two answers to a subscription.
inline constexpr std::uint32_t summary_interval_min_seconds = 1;

enum class SummaryMode : std::uint8_t {
  totals = 1,            ///< Counts of dossiers by commune, title, cycle and group.
  dossier_statuses = 2,  ///< The newest state of each dossier.
};

/// C→S.  From now on, what changed behind `after`; replaces the subscription before.
struct Subscribe {
  static constexpr FrameKind kind = FrameKind::subscribe;
  SummaryMode mode{};
  UnitId unit;     ///< Only of this unit and those below it; none: all the reader may see.
  Position after;  ///< 0: everything first.
  std::uint32_t interval_seconds = summary_interval_min_seconds;  ///< Not more often.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(mode, unit, after, interval_seconds);
  }
};

/// C→S.  No more of it.
struct Unsubscribe {
  static constexpr FrameKind kind = FrameKind::unsubscribe;

  template <class Archive>
  void serialize(Archive& /*archive*/) {}
};

/// Dossiers of one commune, title, cycle and group, by how far they have come.
struct TotalsRow {
  UnitId commune;
  TitleKind title{};
  CycleId cycle;
  GroupCode group{};
  std::uint64_t registered{}, self_assessed{}, reviewed{}, submitted{}, appraised{}, recognized{},
      not_recognized{}, withdrawn{};
  bool operator==(const TotalsRow&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(commune, title, cycle, group, registered, self_assessed, reviewed, submitted, appraised,
            recognized, not_recognized, withdrawn);
  }
};

/// S→C.  The rows that changed, as they are now; a row replaces the one before.
struct Totals {
  static constexpr FrameKind kind = FrameKind::totals;
  Position upto;           ///< To be given as `after` by a subscription that goes on.
  bool caught_up = false;  ///< `upto` was the head of the log when this was counted.
  std::vector<TotalsRow> rows;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(upto, caught_up, bounded<summary_rows_max>(rows));
  }
};

/// Where one dossier stands.
struct DossierStatus {
  DossierId dossier;
  SubjectRef subject;
  UnitId commune;
  CycleId cycle;
  GroupCode group{};
  DossierState state{};
  Position changed_at;
  bool operator==(const DossierStatus&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(dossier, subject, commune, cycle, group, state, changed_at);
  }
};

/// S→C.  The dossiers that changed, in the order of their last change.
struct DossierStatuses {
  static constexpr FrameKind kind = FrameKind::dossier_statuses;
  Position upto;
  bool caught_up = false;
  std::vector<DossierStatus> rows;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(upto, caught_up, bounded<summary_rows_max>(rows));
  }
};

}  // namespace events::protocol
