#pragma once

#include "clients/core/acts/bulk_preview.h"
#include "clients/core/acts/draft.h"

#include <string>
#include <vector>

namespace clients::acts {

/// A meeting that deliberated about dossiers, as its minutes say.
struct Meeting {
  events::UnitId unit;         ///< Hamlet, or commune when it met as one.
  events::PersonId secretary;  ///< None when not recorded.
  std::uint16_t invited{};     ///< 0 when not recorded.
  std::uint16_t present{};     ///< From 1.
  std::vector<events::ReviewEntry> entries;
  events::MinutesRecord minutes;  ///< As typed.
};

/// The votes for one dossier.
struct Votes {
  events::DossierId dossier;
  std::uint16_t agree = 0;
  std::uint16_t disagree = 0;
  std::string typed;  ///< For messages.
};

/// Which dossiers wait for a meeting.
BulkStep review_step();

/// Errors:  invalid_argument: nobody was present, or fewer were invited than came.
events::Result<void> check_attendance(const Meeting& meeting);
/// Everybody present agreed with the conclusion about each dossier.
void vote_unanimously(Meeting& meeting);
/// Errors:  invalid_argument: the dossier is not in the meeting, nobody voted, or more voted than
///          were present.
events::Result<void> count_votes(Meeting& meeting, const Votes& votes);
/// The row of a dossier in the minutes; null when it is not in them.
events::ReviewEntry* entry_of(Meeting& meeting, events::DossierId dossier);

/// The minutes are recorded, and what they conclude about each dossier: 1 + n events.
/// Errors:  as check_attendance().
events::Result<events::MeetingId> hold_meeting(Draft& draft, const Occasion& occasion,
                                               const Meeting& meeting);

}  // namespace clients::acts
