#pragma once

#include "tests/e2e/command_line.h"
#include "tests/e2e/scratch_directory.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/shifted_clock.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

/// The summer of 2025 in Điện Biên Phủ, played two years later, since no server believes a clock
/// from before its release, by real programs whose clocks stand there: the wards Mường Thanh
/// (03136) and Him Lam (03127) go into the new ward Điện Biên Phủ, which takes over the code 03127,
/// while elsewhere a new ward takes over the name Mường Thanh with the code 03334 of the commune
/// Thanh Xương.
class MergedWards {
 public:
  /// Founds the log on 18 June 2027 and enrols a device of either old ward.
  MergedWards();

  /// Stands all clocks on that day, at nine in the morning, and starts the server there.
  void go_to(const std::string& day);
  void sync(const CommandLine& device) const;
  /// What the device's officer records; the id of the first event.
  std::string by(const CommandLine& device, const std::string& officer,
                 std::vector<std::string> arguments) const;
  /// Registers somebody on that device; the dossier.
  std::string register_citizen(const CommandLine& device, const std::string& officer,
                               const std::string& name, const std::string& home) const;
  /// A dossier's way to its decision; the dossier.
  std::string grant_title(const std::string& name);

  /// Writes the new units into the log of the administrator, which end the old ones later.
  void import_new_units() const;
  /// The file of the decree that merges the wards.
  std::string decree_file() const;
  std::string write(const std::string& name, const std::string& content) const;
  /// A new device for that officer.
  void enrol(const CommandLine& device, const std::string& officer) const;
  /// Gives a person of the log a role; the grant.
  std::string grant(const std::string& officer, const std::string& role, const std::string& unit,
                    const std::string& from) const;
  /// The rows of a list, by their ids.
  std::map<std::string, boost::json::object> rows(const CommandLine& device,
                                                  std::vector<std::string> list) const;
  /// The id of the unit with that code on that day.
  std::string unit(const std::string& code, const std::string& day) const;

  const CommandLine& admin() const { return admin_; }
  const CommandLine& muong_thanh() const { return muong_thanh_; }
  const CommandLine& him_lam() const { return him_lam_; }
  const CommandLine& new_ward() const { return new_ward_; }
  ServerChild& server() { return *server_; }
  const std::string& officer(const std::string& name) const { return officers_.at(name); }

  /// One officer for everything that the ward does before the decision.
  static constexpr const char* entrant = "Lò Văn Cán";
  static constexpr const char* head = "Quàng Thị Hoa";
  static constexpr const char* chair = "Cà Văn Pánh";
  static constexpr const char* appraiser = "Tòng Thị Lả";
  static constexpr const char* signer = "Vàng A Sùng";
  static constexpr const char* him_lam_entrant = "Lường Văn Hặc";
  static constexpr const char* new_clerk = "Đỗ Thị Thanh";
  static constexpr const char* decree_day = "2027-07-01";

 private:
  void found();
  void publish();
  void appoint();

  ScratchDirectory scratch_;
  ShiftedClock clock_;
  ShiftedClock::Worn worn_;
  std::unique_ptr<ServerChild> server_;
  CommandLine admin_, muong_thanh_, him_lam_, new_ward_;
  std::map<std::string, std::string> officers_;
};

}  // namespace e2e
