#pragma once

#include "clients/cli/output/output.h"
#include "clients/core/acts/draft.h"
#include "clients/core/acts/recording.h"
#include "clients/core/acts/typed_text.h"
#include "clients/device/device.h"
#include "clients/device/home_folder.h"
#include "events/base/result.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace clients {

/// What stands before or behind every command.
struct GlobalOptions {
  std::string home;
  std::string actor;
  std::string business_date;
  std::string pin_file;
  std::string key_file;
  bool json = false;
  bool without_role = false;  ///< Record acts that will be held because the actor has no role.
};

/// One run of one command: the device it works on, who acts and where the answer goes.
///
/// Thread: one.
/// Lifetime: the streams outlive the session.
class Session {
 public:
  Session(GlobalOptions options, std::ostream& out, std::ostream& err)
      : options_(std::move(options)), out_(out), err_(err) {}

  const GlobalOptions& options() const { return options_; }
  std::ostream& out() const { return out_; }
  /// For what is said beside the answer, while the command goes on.
  std::ostream& err() const { return err_; }
  std::filesystem::path home() const { return options_.home; }

  /// Opens the device of --home and unlocks it, asking for the PIN where nothing else gave it; the
  /// second call gives the same one.
  /// Errors:  locked; otherwise as Device::open and Device::open_to_read.
  events::Result<Device*> device();
  /// The name of the command that runs, as others are told it.
  void name_command(std::string name) { command_ = std::move(name); }
  /// The command only looks at the device: it is opened to be read.  Before the first device().
  void only_read() { only_reads_ = true; }
  /// The same without asking: for what can be said of a locked device too.
  events::Result<Device*> device_as_it_is();
  /// What to do about the last error, where the code alone does not say it; often empty.
  std::string_view advice() const { return advice_; }
  void advise(std::string_view sentence) { advice_ = sentence; }
  void use(std::unique_ptr<Device> device) { device_ = std::move(device); }

  /// --actor, an id or the name of a person of the device, or the only person.
  /// Errors:  invalid_argument.
  events::Result<events::PersonId> actor();
  /// --business-date, or today in Viet Nam.
  events::Result<events::Day> business_day() const;
  /// Units as they lie and are called today, of the pending state.
  /// Expects: device() succeeded.
  projections::UnitsOnDay units_today();

  /// The actor on the business day, with a fresh salt for each event.
  /// Errors:  invalid_argument.
  events::Result<acts::Occasion> occasion();
  /// An empty draft behind the last event of the device.
  events::Result<acts::Draft> draft();
  /// Errors:  invalid_argument: a text of the draft is too long or has characters that no text may
  ///          hold; the message names the option.
  static events::Result<void> check_texts(const acts::Draft& draft);
  /// Records all or none.  An actor without any role for it is refused here, unless
  /// --without-role says that the role is on its way.
  events::Result<RecordedTogether> try_record(const acts::Draft& draft);
  /// What try_record() would answer; nothing is stored.
  events::Result<RecordedTogether> try_judge(const acts::Draft& draft);
  /// Records behind check_texts(), says what became of them and returns the exit code.
  events::Result<int> record(const acts::Draft& draft);
  /// Records what `act(draft, occasion)` adds.  Errors:  also those of `act`.
  template <class Act>
  events::Result<int> perform(Act act) {
    events::Result<acts::Draft> added = draft();
    if (!added) return added.error();
    const events::Result<acts::Occasion> by = occasion();
    if (!by) return by.error();
    if constexpr (std::is_void_v<decltype(act(*added, *by))>) {
      act(*added, *by);
    } else {
      const auto done = act(*added, *by);
      if (!done) return done.error();
    }
    return record(*added);
  }

  /// Prints a list in the form that was asked for.
  events::Result<int> show(const Listing& listing) const;

  // Things as people name them.  Errors: not_found, invalid_argument, in Vietnamese.

  /// By id, official code or name, as units are called on the business day.
  events::Result<events::UnitId> unit(std::string_view text);
  /// The same on another day, among the units that count; none given: all.  Codes and names are
  /// used again by other units: one that is open on the day comes before one that is still to
  /// begin, and one that has ended is found by its id only.
  events::Result<events::UnitId> unit(
      std::string_view text, events::Day day,
      const std::function<bool(const projections::Unit&)>& counts = {});
  /// By id or full name; names that more than one person has are refused.
  events::Result<events::PersonId> person(std::string_view text);
  events::Result<events::CollectiveId> collective(std::string_view text);
  /// By id or name.
  events::Result<events::OrganisationId> organisation(std::string_view text);
  /// By id or label.
  events::Result<events::CycleId> cycle(std::string_view text);
  /// By id or code; the latest version of that code.
  events::Result<events::CriteriaId> criteria(std::string_view text);
  /// By id, or the name of who it is about when that has one dossier.
  events::Result<events::DossierId> dossier(std::string_view text);

 private:
  events::Result<Device*> open(const Device::AskForSecret& ask);
  /// What the opened device knows that may keep an act from being recorded.
  acts::RecordingLimits limits(events::Timestamp now);
  /// What to do about a device that could not be opened.
  std::string advice_about(const events::Error& error) const;
  int say(std::span<const RecordRequest> requests, const RecordedTogether& done) const;

  GlobalOptions options_;
  std::ostream& out_;
  std::ostream& err_;
  std::string command_;
  bool only_reads_ = false;
  std::unique_ptr<Device> device_;
  std::unique_ptr<HolderNote> note_;
  std::string advice_;
};

/// typed_text() for a text that becomes part of no event: within its bound, and of characters that
/// may be kept.  Errors: invalid_argument, naming the option, the length and the bound.
events::Result<std::string> typed_text(std::string_view text, std::string_view field,
                                       std::size_t bytes_max);

}  // namespace clients
