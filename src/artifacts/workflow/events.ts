const PULL_REQUEST =
  'assigned unassigned labeled unlabeled opened edited closed reopened synchronize converted_to_draft locked unlocked enqueued dequeued milestoned demilestoned ready_for_review review_requested review_request_removed auto_merge_enabled auto_merge_disabled';

/**
 * What starts a workflow, and the types of activity that it tells apart; undefined where anybody may invent them.
 * https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows
 */
export const EVENTS: Readonly<Record<string, string | undefined>> = {
  branch_protection_rule: 'created edited deleted',
  check_run: 'created rerequested completed requested_action',
  check_suite: 'completed',
  create: '',
  delete: '',
  deployment: '',
  deployment_status: '',
  discussion:
    'created edited deleted transferred pinned unpinned labeled unlabeled locked unlocked category_changed answered unanswered',
  discussion_comment: 'created edited deleted',
  fork: '',
  gollum: '',
  image_version: '',
  issue_comment: 'created edited deleted',
  issues:
    'opened edited deleted transferred pinned unpinned closed reopened assigned unassigned labeled unlabeled locked unlocked milestoned demilestoned typed untyped',
  label: 'created edited deleted',
  merge_group: 'checks_requested',
  milestone: 'created closed opened edited deleted',
  page_build: '',
  public: '',
  pull_request: PULL_REQUEST,
  pull_request_review: 'submitted edited dismissed',
  pull_request_review_comment: 'created edited deleted',
  pull_request_target: PULL_REQUEST,
  push: '',
  registry_package: 'published updated',
  release: 'published unpublished created edited deleted prereleased released',
  repository_dispatch: undefined,
  schedule: '',
  status: '',
  watch: 'started',
  workflow_call: '',
  workflow_dispatch: '',
  workflow_run: 'completed requested in_progress',
};
