#pragma once

#include "tests/e2e/command_line.h"
#include "tests/e2e/server_child.h"

#include <map>
#include <string>

namespace e2e {

/// A log founded and a commune set up with nothing but the command line: units, criteria, a cycle,
/// organisations, five officers with their roles, and their device, enrolled and in step.
class CommuneSetup {
 public:
  explicit CommuneSetup(const std::filesystem::path& directory);

  /// Founds, sets up, enrols; stops at the first failed expectation.
  void run();

  /// Registers a citizen of the commune's hamlet on its device, which sends nothing yet.
  void register_citizen(const std::string& name) const;

  const CommandLine& admin() const { return admin_; }
  const CommandLine& commune() const { return commune_; }
  ServerChild& server() { return server_; }
  /// The officer with that role, for --actor.
  const std::string& officer(const std::string& role) const { return officers_.at(role); }

 private:
  void found();
  void publish();
  void appoint();
  void enrol();

  std::filesystem::path directory_;
  ServerChild server_;
  CommandLine admin_;
  CommandLine commune_;
  std::map<std::string, std::string> officers_;
};

}  // namespace e2e
