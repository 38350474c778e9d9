#pragma once

#include "clients/core/replica/workspace.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace clients::web {

/// A person of the device as lists show them.
struct IndexedPerson {
  events::PersonId id;
  events::UnitId home;
  std::string name;  ///< Empty while the private record is not here.
  events::PartialDate birth;
  std::string id_number;
  std::string folded;    ///< For comparing: NFC, small letters.
  std::string unmarked;  ///< The same without marks: "lo thi anh".
  std::string given;     ///< The last word of `unmarked`, by which lists are sorted.
};

/// The people of a device by name, so that neither a search nor a keystroke opens private records.
///
/// State: follows the pending state by refresh().
/// Thread: one at a time.
class PeopleIndex {
 public:
  /// Takes in who came since, and whose name came since.
  /// Cost:    one private record for each of them; a look at everybody else.
  void refresh(const Workspace& workspace);
  /// Forgets everybody: the device was locked, or begins anew.
  void clear() { people_.clear(); }

  const std::vector<IndexedPerson>& people() const { return people_; }
  const IndexedPerson* find(events::PersonId id) const;

  /// Those of `unit` whose names hold every word of `query` at the beginning of a word; everybody
  /// for an empty one.  Exact names come first, then by given name.
  std::vector<const IndexedPerson*> search(std::string_view query, events::UnitId unit,
                                           const projections::UnitsOnDay& units) const;
  /// Those who are likely the same person as one who is being typed.
  std::vector<const IndexedPerson*> look_alikes(std::string_view name,
                                                const events::PartialDate& birth,
                                                events::UnitId home,
                                                std::string_view id_number) const;

 private:
  std::vector<IndexedPerson> people_;  ///< In the order in which the log introduced them.
};

}  // namespace clients::web
