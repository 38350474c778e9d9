#pragma once

#include "clients/cli/output/table.h"

#include <cstddef>
#include <string>
#include <vector>

namespace clients {

/// One line of help: an option or a command, and what it does.
struct HelpRow {
  std::string name;
  std::string what;
};

struct HelpSection {
  std::string title;
  std::vector<HelpRow> rows;
};

/// What --help says about the program or about one command.
struct HelpPage {
  std::string what;
  std::string usage;
  std::vector<HelpSection> sections;
  std::string footer;  ///< Lines that stand as they are.
};

/// The page, no line wider than `columns` except of the footer.
Lines help_lines(const HelpPage& page, std::size_t columns);

/// The commands of the program in the order of work, each with what it is for; a command that no
/// section names stands in the last.
std::vector<HelpSection> sections_of_work(const std::vector<HelpRow>& commands);

}  // namespace clients
