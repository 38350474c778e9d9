#pragma once

#include "clients/core/acts/draft.h"
#include "clients/core/acts/score.h"
#include "tests/sim/world.h"

#include <vector>

namespace sim {

/// What officers do all day, drawn at random from what the dossiers on their device allow.
class Acts {
 public:
  /// Lifetime: the references outlive this object.
  Acts(World& world, Random& random, Tally& tally)
      : world_(world), random_(random), tally_(tally) {}

  /// Some officer of the device does something, if there is anything to do.
  void act_on(Device& device);
  /// The founder takes a role from an officer and, usually, gives it back.
  void revoke_a_role();
  void rearrange_units();
  void revoke_a_device();

 private:
  bool branch_act(Device& device, const Officer& officer);
  bool clerk_act(Device& device, const Officer& officer);
  bool chair_act(Device& device, const Officer& officer);
  bool appraiser_act(Device& device, const Officer& officer);
  bool signer_act(Device& device, const Officer& officer);
  bool superior_act(Device& device, const Officer& officer);

  bool introduce(Device& device, const Officer& officer);
  bool open(Device& device, const Officer& officer);
  bool review(Device& device, const Officer& officer);
  bool submit_list(Device& device, const Officer& officer);
  bool decide(Device& device, const Officer& officer);
  bool return_blocks(Device& device, const Officer& officer, events::DossierState from);
  bool decide_hold(Device& device, const Officer& officer);

  const projections::Dossier* some_dossier(const Device& device, const Officer& officer,
                                           events::DossierState state);
  std::vector<const projections::Dossier*> dossiers(const Device& device, const Officer& officer,
                                                    events::DossierState state) const;
  /// What an event says of its making: often the paper is some days older.
  clients::acts::Stamp stamp(const Device& device);
  /// The officer acts on the device; each event draws its stamp.
  clients::acts::Occasion occasion(const Device& device, const Officer& officer);
  /// The same with stamps that were drawn before.
  static clients::acts::Occasion occasion(const Officer& officer,
                                          std::vector<clients::acts::Stamp> stamps);
  clients::acts::Scores sheet();
  bool record(Device& device, const clients::acts::Draft& draft);

  World& world_;
  Random& random_;
  Tally& tally_;
};

}  // namespace sim
