#pragma once

#include "clients/core/acts/draft.h"

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace clients {

/// A line of a unit file that makes sense by itself.
struct UnitLine {
  std::size_t number = 0;  ///< In the file, from 1.
  std::string code;
  std::string name;
  events::UnitKind kind{};
  std::string parent_code;  ///< Of a unit that is known or stands further up; empty for the top.
  events::AreaType area{};
  events::Day valid_from;
  bool is_from_beginning = false;  ///< The file names a day before 1970, where days begin here.
};

/// A line that does not, and why, in Vietnamese.
struct BadLine {
  std::size_t number = 0;
  std::string_view column;  ///< Of the heading; empty where the line as a whole is wrong.
  std::string why;
};

namespace acts {

/// Many units from a file: each line becomes a unit below one that is known already or stands
/// further up.
///
/// State: the units that are open, by code, and the names below each parent.
class UnitImport {
 public:
  /// `basis`: the document that founds all of them, as typed; may be empty.
  /// `replaced_from`: from this day on a decree that is still to come ends the units whose codes
  /// stand in the file, so that these are free for units that begin on it or later.
  UnitImport(const projections::Units& units, std::string basis,
             std::optional<events::Day> replaced_from = {});

  /// Adds the unit of a line to the draft.  `column` becomes the one that is wrong.
  /// Errors:  invalid_argument: the code is taken, the parent is not there, or such a unit cannot
  ///          lie below it, or a text cannot be kept: bad_text() says which.  Nothing was added.
  events::Result<events::UnitId> add(Draft& draft, const Occasion& occasion, const UnitLine& line,
                                     std::string_view& column);
  /// The text that kept the last line from being added, if that was it.
  const std::optional<events::BadText>& bad_text() const { return bad_text_; }
  /// Whether the last unit that was added has the name of another one below the same parent.
  bool has_name_of_another() const { return has_name_of_another_; }

 private:
  struct Known {
    events::UnitId id;
    events::UnitKind kind{};
    events::Day begins;
  };

  /// Whether a unit that begins on `day` cannot have that code.
  bool is_taken(const std::string& code, events::Day day) const;
  void note(const std::string& code, const Known& unit, events::UnitId parent,
            const std::string& name);

  std::map<std::string, Known> by_code_;                    // By the code that files name them by.
  std::set<std::pair<events::UnitId, std::string>> names_;  // With their parents.
  std::string basis_;
  std::optional<events::Day> replaced_from_;
  bool has_name_of_another_ = false;
  std::optional<events::BadText> bad_text_;
};

}  // namespace acts
}  // namespace clients
