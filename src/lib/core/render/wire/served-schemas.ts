import { type z } from 'zod';
import { type DocumentName, type ResourceList } from '../../serve/served-scan.ts';
import {
  claimListSchema,
  snapshotListSchema,
  storageClassListSchema,
  volumeListSchema,
} from './kubernetes-list-schema.ts';
import {
  analysisSchema,
  fullReportSchema,
  growthTrendsSchema,
  reportSummarySchema,
  snapshotTrendsSchema,
  trueNasInfoSchema,
  usageSummarySchema,
  validationSchema,
} from './served-documents-schema.ts';
import { datasetListSchema, poolListSchema, zfsSnapshotListSchema } from './truenas-list-schema.ts';

/** By what schema each list is served. */
export const LIST_SCHEMAS = {
  'resources/pvs': volumeListSchema,
  'resources/pvcs': claimListSchema,
  'resources/snapshots': snapshotListSchema,
  'resources/storageclasses': storageClassListSchema,
  'truenas/volumes': datasetListSchema,
  'truenas/snapshots': zfsSnapshotListSchema,
  'truenas/pools': poolListSchema,
} as const satisfies Record<ResourceList, z.ZodType>;

/** By what schema each document is served. */
export const DOCUMENT_SCHEMAS = {
  'truenas/info': trueNasInfoSchema,
  analysis: analysisSchema,
  'analysis/usage': usageSummarySchema,
  'analysis/trends': growthTrendsSchema,
  validate: validationSchema,
  'validate/config': validationSchema,
  'validate/connectivity': validationSchema,
  health: validationSchema,
  'reports/summary': reportSummarySchema,
  'reports/detailed': fullReportSchema,
  'snapshots/trends': snapshotTrendsSchema,
} as const satisfies Record<DocumentName, z.ZodType>;
