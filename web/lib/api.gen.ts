export interface paths {
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["HealthController_live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["HealthController_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/{cityCode}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OverviewController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/public/cities": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["OverviewController_cities"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/targets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["TargetController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/targets/{code}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["TargetController_report"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        CityList: {
            items: components["schemas"]["CityView"][];
        };
        CityView: {
            /** @example 371500 */
            cityCode: string;
            name: string;
            provinceName: string;
        };
        ClaimStateView: {
            /** @description 核定 */
            approvedFen: number;
            /** @description 申报 */
            claimedFen: number;
            claims: number;
            /** @description 核减 */
            cutFen: number;
            /** @description 实拨 */
            paidFen: number;
            /** @example paid */
            state: string;
        };
        /**
         * @description 以哪个日期计：planned 立项、accepted 建成验收、open 开业
         * @enum {string}
         */
        CountedEvent: "planned" | "accepted" | "open";
        CountyView: {
            /** @example 371502 */
            divisionCode: string;
            name: string;
            states: components["schemas"]["StateSplitView"];
        };
        /**
         * @description demo 演示数据、example 样例标准、assumed 假定
         * @enum {string}
         */
        DataNoteKind: "demo" | "example" | "assumed";
        DataNoteView: {
            code: string;
            /** @description demo 演示数据、example 样例标准、assumed 假定 */
            kind: components["schemas"]["DataNoteKind"];
            sentence: string;
        };
        DayView: {
            /**
             * Format: date
             * @example 2024-12-03
             */
            date: string;
            /** @description 就餐人次，不含撤销 */
            meals: number;
            selfPayFen: number;
            /** @description 其中享受补贴人次 */
            subsidisedMeals: number;
            subsidyFen: number;
        };
        HealthDto: {
            /**
             * @description ok
             * @example ok
             */
            status: string;
        };
        OverviewView: {
            /**
             * Format: date
             * @example 2024-12-03
             */
            asOf: string;
            city: components["schemas"]["CityView"];
            claims: components["schemas"]["ClaimStateView"][];
            counties: components["schemas"]["CountyView"][];
            days: components["schemas"]["DayView"][];
            /**
             * @description 按日数据和结算单的月份
             * @example 2024-12
             */
            month: string;
            /** @description 数据说明，展示数据时应一并展示 */
            notes: components["schemas"]["DataNoteView"][];
            targets: components["schemas"]["TargetReportView"][];
        };
        ReportView: {
            /**
             * Format: date
             * @description 查询日
             * @example 2024-12-03
             */
            asOf: string;
            byCounty: components["schemas"]["TargetCounty"][];
            byMonth: components["schemas"]["TargetMonth"][];
            code: string;
            /** @description 计入数 */
            counted: number;
            /** @description 期限当日计入数；未到期为空 */
            countedAtDeadline: number | null;
            met: boolean;
            /** @description 新增场所按状态 */
            newSites: components["schemas"]["StateSplitView"];
            /** @description 起算日前一天营业中的场所，按本系统记录 */
            openBefore: number;
            pace: components["schemas"]["TargetPace"];
            /** @description 尚差 */
            remaining: number;
            required: number;
            /** @description 计入数逐次变化，用于进度图 */
            steps: components["schemas"]["TargetStep"][];
        };
        /**
         * @description 查询日应处的状态：open 营业中、notClosed 未关闭、any 不限
         * @enum {string}
         */
        StateRequired: "open" | "notClosed" | "any";
        StateSplitView: {
            /** @description 已建成、未开业 */
            accepted: number;
            /** @description 建设中 */
            building: number;
            /** @description 已关闭 */
            closed: number;
            /** @description 营业中 */
            open: number;
            /** @description 规划中 */
            planned: number;
            /** @description 暂停 */
            suspended: number;
        };
        TargetBaseline: {
            /** @description 文件未写明、由本系统假定 */
            assumed: boolean;
            note: string;
            /** @description 原有数量，不计入完成数 */
            number: number;
            /**
             * Format: date
             * @example 2024-12-03
             */
            on: string;
        };
        TargetCounty: {
            counted: number;
            /** @example 371502 */
            divisionCode: string;
            name: string;
            states: components["schemas"]["StateSplitView"];
        };
        TargetDocument: {
            /**
             * @description 条款
             * @example 三(三)
             */
            clause: string;
            /** @description 原文所在文件 */
            file: string;
            /** @example 聊政办字〔2024〕11号 */
            number: string | null;
            /** @description 原文 */
            quote: string;
            /** @description 文件名称 */
            title: string;
        };
        TargetMonth: {
            /** @description 当月新增 */
            added: number;
            /** @description 月末计入数 */
            counted: number;
            /** @description 按匀速月末应达到数 */
            evenPace: number;
            /** @example 2024-12 */
            month: string;
        };
        TargetPace: {
            /** @description 按匀速推算，查询日应达到的数 */
            evenPace: number;
            /** @description 按期完成每月所需数，保留一位小数；已完成或已到期为空 */
            neededPerMonth: number | null;
            /** @description 至今每月完成数，保留一位小数 */
            reachedPerMonth: number | null;
            /** @description 距期限天数 */
            remainingDays: number;
        };
        TargetPage: {
            items: components["schemas"]["TargetView"][];
            nextCursor: string | null;
        };
        TargetReportView: {
            report: components["schemas"]["ReportView"];
            target: components["schemas"]["TargetView"];
        };
        TargetRule: {
            /** @description 以哪个日期计：planned 立项、accepted 建成验收、open 开业 */
            event: components["schemas"]["CountedEvent"];
            /**
             * Format: date
             * @example 2024-12-03
             */
            from: string;
            /** @description 计入的场所类型，空为不限 */
            kinds: string[] | null;
            /** @description 文件未写明、由本系统作出的理解 */
            notes: string[];
            /** @description 查询日应处的状态：open 营业中、notClosed 未关闭、any 不限 */
            stateOn: components["schemas"]["StateRequired"];
            /** @description 计入的供餐方式，空为不限 */
            supplyModes: string[] | null;
            /**
             * Format: date
             * @example 2024-12-03
             */
            to: string;
        };
        TargetStep: {
            counted: number;
            /**
             * Format: date
             * @example 2024-12-03
             */
            date: string;
        };
        TargetView: {
            baseline: components["schemas"]["TargetBaseline"] | null;
            /** @example liaocheng-2024-new-canteens */
            code: string;
            /**
             * Format: date
             * @example 2024-12-03
             */
            deadline: string;
            /** @example 371502 */
            divisionCode: string;
            document: components["schemas"]["TargetDocument"];
            name: string;
            /** @description 应完成数 */
            required: number;
            rule: components["schemas"]["TargetRule"];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    HealthController_live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthDto"];
                };
            };
        };
    };
    HealthController_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthDto"];
                };
            };
        };
    };
    OverviewController_read: {
        parameters: {
            query?: {
                /** @description 查询日，默认今天 */
                asOf?: string;
                /** @description 按日数据和结算单的月份，默认最近一个有就餐记录的月份 */
                month?: string;
            };
            header?: never;
            path: {
                cityCode: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OverviewView"];
                };
            };
        };
    };
    OverviewController_cities: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CityList"];
                };
            };
        };
    };
    TargetController_list: {
        parameters: {
            query?: {
                /** @description 上一页返回的 nextCursor */
                cursor?: string;
                /** @description 每页条数，默认 50 */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetPage"];
                };
            };
        };
    };
    TargetController_report: {
        parameters: {
            query?: {
                /** @description 查询日，默认今天 */
                asOf?: string;
            };
            header?: never;
            path: {
                code: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TargetReportView"];
                };
            };
        };
    };
}
