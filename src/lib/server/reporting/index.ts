export { addAnnotation, listAnnotations, removeAnnotation } from './annotations.ts';
export { exportTrend } from './export-trend.ts';
export { listGoals, removeGoal, setGoal } from './goals.ts';
export { reportingHandlers } from './handlers.ts';
export { reportingJobs } from './jobs.ts';
export { promotions } from './promotions.ts';
export { createReport, listReports, previewReport, removeReport } from './reports.ts';
export { listViews, removeView, saveView } from './saved-views.ts';
export { findSubscription, unsubscribe } from './unsubscribe.ts';
