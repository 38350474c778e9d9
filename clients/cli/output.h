#pragma once

#include "events/ids.h"
#include "events/result.h"
#include "events/text/text_check.h"
#include "events/time.h"
#include "events/verdict.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/core.h>

#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace clients {

/// Exit codes of the program, by cause.
inline constexpr int exit_ok = 0;
inline constexpr int exit_refused = 1;        ///< By the rules, or by the server for good.
inline constexpr int exit_usage = 2;          ///< The command or what it names is wrong.
inline constexpr int exit_network = 3;        ///< The line or the server; it may pass.
inline constexpr int exit_storage = 4;        ///< A disk of this machine, or what it may not read.
inline constexpr int exit_busy = 5;           ///< Another command is at work; it passes.
inline constexpr int exit_interrupted = 130;  ///< Ctrl-C, before the work was done.

void print_formatted(std::ostream& target, fmt::string_view format, fmt::format_args arguments);
/// A text as it may be shown: what others entered must not steer the terminal.
template <class Argument>
decltype(auto) as_shown(const Argument& argument) {
  if constexpr (std::is_convertible_v<const Argument&, std::string_view>) {
    return events::escape_text(argument, true);
  } else {
    return (argument);
  }
}
/// Prints what fmt::format gives, with texts as they may be shown, in lines that fit the terminal.
/// <fmt/ostream.h> costs seconds
/// in each source that includes it.
template <class... Arguments>
void print(std::ostream& target, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  print_formatted(target, format, fmt::make_format_args(as_shown(arguments)...));
}

int exit_code_of(events::ErrorCode code);
/// Whether the message of `error` is a Vietnamese sentence for the person at the keyboard.  All
/// others are details in English, which begin small or with a path and have no Vietnamese letters
/// of their own.
bool is_for_people(const events::Error& error);
/// One Vietnamese sentence that says what to do, and the English code in brackets: the message
/// where it is for people, `advice` where the command knows better than the code alone, or what is
/// said about the code.
void print_error(std::ostream& target, const events::Error& error, std::string_view advice);
/// A wrong argument; `what` is a Vietnamese sentence for the person at the keyboard.
events::Error usage_error(std::string what);

/// A list as people and programs read it.
struct Listing {
  struct Column {
    std::string key;      ///< In JSON.
    std::string heading;  ///< Vietnamese.
  };
  std::vector<Column> columns;
  std::vector<std::vector<boost::json::value>> rows;  ///< One value per column; null is empty.
};

/// A cell that programs read by its word and people by its Vietnamese name.
boost::json::value named_cell(std::string_view word, std::string_view name_vi);
/// The same for what programs read as an object.
boost::json::value object_cell(boost::json::object object, std::string_view name_vi);
/// A cell that is null for programs.
boost::json::value cell_without_word(std::string_view name_vi);
/// "2025-11-30" for programs, "30/11/2025" for people; null for 0.
boost::json::value day_cell(events::Day day);
/// As much of a birth date as is known: "1990-03" for programs, "03/1990" for people.
boost::json::value birth_cell(const events::PartialDate& birth);
/// ISO 8601 for programs, "30/11/2025 21:05" for people; null for 0.
boost::json::value moment_cell(events::Timestamp moment);

/// Aligned columns, no line wider than the terminal.  A cell is one line; what nobody may see is
/// escaped in it.
void print_table(std::ostream& target, const Listing& listing);
/// An array of objects.
boost::json::array json_of(const Listing& listing);
/// One line of JSON.
void print_json(std::ostream& target, const boost::json::value& value);

/// Brings out what is still to be printed, and looks whether all of it was taken: a listing that a
/// full disk cut must not end well.  Returns the exit code of the program, `ended` or exit_storage.
int end_output(std::ostream& out, std::ostream& err, int ended);

/// {"error":{"code":"not_found","exit":2}}: what a program is told where no answer comes.
boost::json::object json_of_error(events::ErrorCode code, int exit_code);

boost::json::object json_of(const events::Verdict& verdict);
/// "30/11/2025 21:05" in Viet Nam; empty for 0.
std::string moment_vi(events::Timestamp moment);
/// "30/11/2025"; empty for 0.
std::string day_vi(events::Day day);
/// The id as text; null for none.
boost::json::value json_id(const events::EventId& id);

}  // namespace clients
