#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/base/verdict.h"
#include "events/text/text_check.h"

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
inline constexpr int exit_refused = 1;        ///< The rules, the server or the lock refuse it.
inline constexpr int exit_usage = 2;          ///< The command or what it names is wrong.
inline constexpr int exit_network = 3;        ///< The line or the server failed; it may pass.
inline constexpr int exit_storage = 4;        ///< This machine's disk failed or may not be read.
inline constexpr int exit_busy = 5;           ///< Another command is at work; it passes.
inline constexpr int exit_interrupted = 130;  ///< Ctrl-C, before the work was done.

void print_formatted(std::ostream& target, fmt::string_view format, fmt::format_args arguments);
/// An argument as it may be shown on a terminal.  Texts are escaped, because a text that another
/// person entered must not steer the terminal; other types pass unchanged.
template <class Argument>
decltype(auto) as_shown(const Argument& argument) {
  if constexpr (std::is_convertible_v<const Argument&, std::string_view>) {
    return events::escape_text(argument, true);
  } else {
    return (argument);
  }
}
/// Prints what fmt::format gives, in lines that fit the terminal, with texts escaped as as_shown()
/// does.  <fmt/ostream.h> is not used, because it costs seconds in each source that includes it.
template <class... Arguments>
void print(std::ostream& target, fmt::format_string<Arguments...> format,
           Arguments&&... arguments) {
  print_formatted(target, format, fmt::make_format_args(as_shown(arguments)...));
}

int exit_code_of(events::ErrorCode code);
/// Whether the message of `error` is a Vietnamese sentence for the person at the keyboard.  Every
/// other message is a detail in English: it begins with a small letter or a path, or it has no
/// Vietnamese letters.
bool is_for_people(const events::Error& error);
/// Prints one Vietnamese sentence that says what to do, and the English code in brackets.  The
/// sentence is the message of `error` where that is for people; otherwise it is `advice`, or, when
/// `advice` is empty, the advice for the error code.
void print_error(std::ostream& target, const events::Error& error, std::string_view advice);
/// A wrong argument; `what` is a Vietnamese sentence for the person at the keyboard.
events::Error usage_error(std::string what);

/// A list of rows that is printed as a table for people or as JSON for programs.
struct Listing {
  struct Column {
    std::string key;      ///< The name in JSON.
    std::string heading;  ///< The Vietnamese heading of the table.
  };
  std::vector<Column> columns;
  std::vector<std::vector<boost::json::value>> rows;  ///< One value a column; null prints as empty.
};

/// A cell that JSON shows as its word and a table as its Vietnamese name.
boost::json::value named_cell(std::string_view word, std::string_view name_vi);
/// A cell that JSON shows as an object and a table as its Vietnamese name.
boost::json::value object_cell(boost::json::object object, std::string_view name_vi);
/// A cell that JSON shows as null and a table as its Vietnamese name.
boost::json::value cell_without_word(std::string_view name_vi);
/// A cell with "2025-11-30" in JSON and "30/11/2025" in a table; null for 0.
boost::json::value day_cell(events::Day day);
/// A cell with as much of a birth date as is known: "1990-03" in JSON, "03/1990" in a table; null
/// when not even the year is known.
boost::json::value birth_cell(const events::PartialDate& birth);
/// A cell with ISO 8601 in JSON and "30/11/2025 21:05" in a table; null for 0.
boost::json::value moment_cell(events::Timestamp moment);

/// Prints the list in aligned columns; no line is wider than the terminal.  A cell is one line.
/// Control and invisible characters in a cell are escaped.
void print_table(std::ostream& target, const Listing& listing);
/// The list as an array of objects, one a row.
boost::json::array json_of(const Listing& listing);
/// Prints the value as one line of JSON.
void print_json(std::ostream& target, const boost::json::value& value);

/// Flushes `out` and checks that all output was written: a listing that a full disk cut off must
/// not end with exit_ok.  Where output was lost it says so on `err`.  Returns the exit code of the
/// program: exit_storage where output was lost and `ended` is exit_ok, otherwise `ended`.
int end_output(std::ostream& out, std::ostream& err, int ended);

/// {"error":{"code":"not_found","exit":2}}: what a program reads when an error came in place of an
/// answer.
boost::json::object json_of_error(events::ErrorCode code, int exit_code);

boost::json::object json_of(const events::Verdict& verdict);
/// "30/11/2025 21:05" in Viet Nam; empty for 0.
std::string moment_vi(events::Timestamp moment);
/// "30/11/2025"; empty for 0.
std::string day_vi(events::Day day);
/// The id as text; null for the id that stands for none.
boost::json::value json_id(const events::EventId& id);

}  // namespace clients
