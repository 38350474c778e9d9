#pragma once

#include "projections/state/state.h"
#include "projections/views/row_page.h"

#include <cstdint>
#include <optional>
#include <string>

namespace projections {

/// An event that waits, and why.
struct InboxRow {
  events::Position position;  ///< In the log; provisional when the row is not official.
  bool is_official = false;   ///< The log holds it; otherwise only this device.
  events::EventId event;
  std::uint16_t type{};  ///< An EventType, or a number that this build does not know.
  events::StreamId stream;
  events::PersonId actor;
  std::string actor_name;  ///< Empty where it is not known.
  events::Timestamp received_at;
  events::Verdict verdict;   ///< Held; the latest one.
  events::UnitId successor;  ///< Of the closed unit for which it waits; none otherwise.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(position), CEREAL_NVP(is_official), CEREAL_NVP(event), CEREAL_NVP(type),
            CEREAL_NVP(stream), CEREAL_NVP(actor), BOUNDED_NVP(400, actor_name),
            CEREAL_NVP(received_at), CEREAL_NVP(verdict), CEREAL_NVP(successor));
  }
};

/// What of the inbox is wanted, in the order of positions; what is not said leaves nothing out.
struct InboxPageRequest {
  std::optional<events::HoldReason> hold;
  bool only_official = false;
  events::Position after;  ///< RowPage::next of the page before.
  std::size_t rows_max = view_rows_max;
};

/// A page of what waits in a state.  `official_upto`: what stands behind it is on this device only.
/// Cost: takes every held event apart.
RowPage<InboxRow, events::Position> inbox_rows(const State& state, const InboxPageRequest& request,
                                               events::Position official_upto,
                                               const NameOf& name_of);

}  // namespace projections
